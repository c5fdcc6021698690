import { emptySummary } from "@execlog/store"
import { chooseConnections, openConnections } from "../../connections/Connections.js"
import { openStoreOf } from "../../connections/OpenStore.js"
import { readFormat, reportFormats } from "../../flags/FormatFlag.js"
import { ExitCode, leastFailure } from "../../session/ExitCode.js"
import { pause } from "../../session/Interruption.js"
import type { Session } from "../../session/Session.js"
import { strictOutcome } from "../../sources/ExecutionSource.js"
import { makeConnectionSync } from "./ConnectionSync.js"
import { type SyncFlags, readSyncFlags } from "./SyncFlags.js"
import { makeSyncProgress } from "./SyncProgressLines.js"
import { type SyncOutcome, roundWriter } from "./SyncRound.js"

/** Syncs the store, once or in rounds. Returns the exit code. */
export const syncAll = async (flags: SyncFlags, session: Session): Promise<ExitCode> => {
  const { notices, output } = session
  const termination = session.termination()
  const request = readSyncFlags(flags, Date.now())
  const format = readFormat(flags, output.isTerminal, reportFormats)
  const chosen = await chooseConnections(flags, session)
  const { opened, outcomes } = await openConnections(chosen, session)
  if (opened.length === 0) return leastFailure(outcomes)
  const { store } = await openStoreOf(flags, "write", session)
  const progress = makeSyncProgress(notices.progress)
  const syncs = opened.map((connection) =>
    makeConnectionSync(store, connection, request, progress, session),
  )
  const unopened = chosen
    .filter(({ label }) => !opened.some((connection) => connection.label === label))
    .map(({ label, name, provider }, index): SyncOutcome => ({
      label,
      summary: emptySummary(name, provider),
      code: outcomes[index] ?? ExitCode.fault,
      seconds: 0,
    }))
  const writeRound = roundWriter(format, output)
  const round = async (signal: AbortSignal): Promise<ReadonlyArray<SyncOutcome>> => {
    const synced = await Promise.all(syncs.map((sync) => sync(signal)))
    notices.progress.stop()
    await writeRound([...synced, ...unopened])
    return [...synced, ...unopened]
  }
  try {
    return request.watchMs === null
      ? await once(round, termination, flags, session)
      : await untilStopped(round, request.watchMs, termination, session)
  } finally {
    await store.close()
  }
}

type Round = (signal: AbortSignal) => Promise<ReadonlyArray<SyncOutcome>>

const once = async (
  round: Round,
  termination: AbortSignal,
  flags: SyncFlags,
  { notices, interruption }: Session,
): Promise<ExitCode> => {
  const signal = AbortSignal.any([interruption, termination])
  const outcomes = await round(signal)
  if (signal.aborted) return ExitCode.interrupted
  const codes = outcomes.map(({ code }) => code)
  const rejected = outcomes.reduce((sum, { summary }) => sum + summary.rejected, 0)
  return leastFailure([...codes, ...strictOutcome(flags, rejected, notices)])
}

/** Runs rounds until a signal: a failure may pass in a later round. */
const untilStopped = async (
  round: Round,
  watchMs: number,
  termination: AbortSignal,
  { interruption }: Session,
): Promise<ExitCode> => {
  const signal = AbortSignal.any([interruption, termination])
  while (!signal.aborted) {
    await round(signal)
    await pause(watchMs, signal)
  }
  return interruption.aborted ? ExitCode.interrupted : ExitCode.done
}
