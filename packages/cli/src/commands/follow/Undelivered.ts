import type { OpenedStore } from "../../connections/OpenStore.js"
import { countText } from "../../formats/Figure.js"
import type { ChangeWriter } from "../../formats/Writer.js"
import { ExitCode } from "../../session/ExitCode.js"
import type { Session } from "../../session/Session.js"
import { type ChangeCommand, shortId } from "./ExecCommand.js"
import type { FollowFlags } from "./FollowFlags.js"

/**
 * Lists the changes that --exec gave up on, of one follower or of all. With a command, retries
 * them, and forgets those that it delivers; once `stop` is aborted, it ends after the one in hand. Returns the
 * exit code.
 */
export const listUndelivered = async (
  { store }: OpenedStore,
  { follower }: FollowFlags,
  call: ChangeCommand | null,
  stop: AbortSignal,
  write: ChangeWriter,
  { notices, interruption }: Session,
): Promise<ExitCode> => {
  let listed = 0
  let failed = 0
  let after = 0
  for (;;) {
    const found = await store.undelivered(after)
    for (const { number, follower: name, failure, tries, failedAt: _, ...change } of found) {
      after = number
      if (follower !== undefined && name !== follower) continue
      if (stop.aborted) return interruption.aborted ? ExitCode.interrupted : ExitCode.done
      await write(change)
      listed += 1
      if (call === null) {
        notices.info(`Execution ${shortId(change)}: the command ${failure} on try ${tries}.`)
        continue
      }
      const outcome = await call(change)
      if (outcome === null) return interruption.aborted ? ExitCode.interrupted : ExitCode.done
      if (outcome.failure === null) {
        await store.setDelivery(name, number, null)
      } else {
        failed += 1
        const again = { tries: tries + 1, failure: outcome.failure, isLast: true }
        await store.setDelivery(name, number, again)
      }
    }
    if (found.length === 0) break
  }
  const outcome = call === null ? "" : `; ${countText(listed - failed)} delivered now`
  notices.info(`${countText(listed)} undelivered changes${outcome}.`)
  return failed > 0 ? ExitCode.fault : ExitCode.done
}
