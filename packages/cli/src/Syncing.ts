import type { Store, SyncSummary } from "@execlog/store"
import { chooseConnections, type OpenConnection, openConnections } from "./Connections.js"
import { ExitCode, leastFailure } from "./ExitCode.js"
import { reportFailure } from "./Failure.js"
import { readFormat } from "./FormatFlag.js"
import { roundWriter, type SyncOutcome } from "./formats/SyncRound.js"
import { watchTermination } from "./Interruption.js"
import type { Session } from "./Session.js"
import { pause } from "./Pause.js"
import { openStoreOf } from "./StoreOpening.js"
import { readSyncFlags, type SyncFlags, type SyncRequest } from "./SyncFlags.js"
import { makeSyncProgress, type SyncProgressLines } from "./SyncProgressLines.js"

/** Brings the store up to date, once or again and again. Gives the exit code. */
export const syncAll = async (flags: SyncFlags, session: Session): Promise<ExitCode> => {
  const { notices, output, interruption } = session
  const request = readSyncFlags(flags, Date.now())
  const format = readFormat(flags, output.isTerminal)
  const chosen = await chooseConnections(flags, session)
  const { store } = await openStoreOf(flags, "write", session)
  const { opened, outcomes } = await openConnections(chosen, session)
  if (opened.length === 0) return leastFailure(outcomes)
  const termination = watchTermination()
  const signal = AbortSignal.any([interruption, termination])
  const writeRound = roundWriter(format, output)
  const progress = makeSyncProgress(notices.progress)
  try {
    for (let round = 1; ; round += 1) {
      const asked = round === 1 ? request : { ...request, full: false }
      const results = await Promise.all(
        opened.map((connection) => syncOne(store, connection, asked, signal, progress, session)),
      )
      notices.progress.stop()
      await writeRound(results, { isFirst: round === 1 })
      const failed = [...outcomes, ...results.map(({ code }) => code)]
      if (interruption.aborted) return ExitCode.interrupted
      if (request.watchMs === null) {
        if (termination.aborted) return ExitCode.interrupted
        return endOf(results, failed, flags, session)
      }
      // A failure that lasts is told again in each round; the others are up to date.
      if (!termination.aborted) await pause(request.watchMs, signal)
      if (interruption.aborted) return ExitCode.interrupted
      if (termination.aborted) return ExitCode.done
    }
  } finally {
    await store.close()
  }
}

const endOf = (
  results: ReadonlyArray<SyncOutcome>,
  outcomes: ReadonlyArray<ExitCode>,
  { strict }: SyncFlags,
  { notices }: Session,
): ExitCode => {
  const rejected = results.reduce((sum, { summary }) => sum + (summary?.rejected ?? 0), 0)
  if (strict !== true || rejected === 0) return leastFailure(outcomes)
  notices.fail(`${rejected} items were rejected, and --strict is given.`, null)
  return leastFailure([...outcomes, ExitCode.rejected])
}

/** Syncs one connection. What fails is reported, and the others go on. */
const syncOne = async (
  store: Store,
  { client, label }: OpenConnection,
  request: SyncRequest,
  signal: AbortSignal,
  progress: SyncProgressLines,
  { notices }: Session,
): Promise<SyncOutcome> => {
  const begun = performance.now()
  let last: SyncSummary | null = null
  const outcome = (summary: SyncSummary | null, code: ExitCode): SyncOutcome => ({
    label,
    summary,
    code,
    seconds: (performance.now() - begun) / 1000,
  })
  const { watchMs: _, ...options } = request
  try {
    const summary = await store.sync(client, {
      ...options,
      signal,
      onWarning: (warning) => notices.warn(`${label}: ${warning}`),
      onProgress: (reached) => {
        last = reached
        progress.show(label, reached, (performance.now() - begun) / 1000)
      },
    })
    return outcome(summary, ExitCode.done)
  } catch (error) {
    return outcome(last, reportFailure(notices, error, label))
  } finally {
    progress.end(label)
  }
}
