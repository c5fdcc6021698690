import { type ChangeCommand, shortId } from "./ExecCommand.js"
import { ExitCode } from "../../session/ExitCode.js"
import type { FollowFlags } from "./FollowFlags.js"
import { countText } from "../../formats/Figure.js"
import type { ChangeWriter } from "../../formats/Writer.js"
import type { OpenedStore } from "../../connections/OpenStore.js"
import type { Session } from "../../session/Session.js"

/**
 * Tells the changes that --exec gave up on, of one follower or of all. With a command they are tried
 * again, and what is delivered is told no more; once `stop` is aborted, none follows the one in hand. Gives the
 * exit code.
 */
export const tellUndelivered = async (
  { store }: OpenedStore,
  { follower }: FollowFlags,
  call: ChangeCommand | null,
  stop: AbortSignal,
  write: ChangeWriter,
  { notices, interruption }: Session,
): Promise<ExitCode> => {
  let told = 0
  let failed = 0
  let after = 0
  for (;;) {
    const found = await store.undelivered(after)
    for (const { number, follower: name, failure, tries, failedAt: _, ...change } of found) {
      after = number
      if (follower !== undefined && name !== follower) continue
      if (stop.aborted) return interruption.aborted ? ExitCode.interrupted : ExitCode.done
      await write(change)
      told += 1
      if (call === null) {
        notices.tell(`Execution ${shortId(change)}: the command ${failure}, at try ${tries}.`)
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
  const outcome = call === null ? "" : `; ${countText(told - failed)} of them were delivered now`
  notices.tell(`${countText(told)} changes were not delivered${outcome}.`)
  return failed > 0 ? ExitCode.fault : ExitCode.done
}
