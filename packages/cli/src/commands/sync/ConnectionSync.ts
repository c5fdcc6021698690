import { emptySummary, type Store, type SyncProgress, type SyncSummary } from "@execlog/store"
import * as Struct from "effect/Struct"
import type { OpenConnection } from "../../connections/Connections.js"
import { ExitCode } from "../../session/ExitCode.js"
import { warningText } from "../../session/FlagNames.js"
import { makeRoundNotices } from "../../session/RoundNotices.js"
import type { Session } from "../../session/Session.js"
import type { SyncRequest } from "./SyncFlags.js"
import type { SyncProgressLines } from "./SyncProgressLines.js"
import type { SyncOutcome } from "./SyncRound.js"

/** Syncs one connection, in each round. Reports a failure instead of rejecting. */
export type ConnectionSync = (signal: AbortSignal) => Promise<SyncOutcome>

/** The sync of a connection into a store. */
export const makeConnectionSync = (
  store: Store,
  { client, label }: OpenConnection,
  { watchMs: _, full, ...request }: SyncRequest,
  progress: SyncProgressLines,
  session: Session,
): ConnectionSync => {
  const notices = makeRoundNotices(label, session.notices)
  const nothing = emptySummary(client.name ?? client.provider, client.provider)
  let isFullDue = full
  return async (signal) => {
    const begun = performance.now()
    const secondsPassed = () => (performance.now() - begun) / 1000
    let reached: SyncProgress | null = null
    notices.beginRound()
    progress.begin(label)
    try {
      const summary = await store.sync(client, {
        ...request,
        full: isFullDue,
        signal,
        onWarning: (warning) => notices.warn(warningText(warning)),
        onProgress: (next) => {
          reached = next
          progress.show(label, next, secondsPassed())
        },
      })
      if (!summary.isStopped) {
        isFullDue = false
        notices.succeed()
      }
      const code = summary.isStopped ? ExitCode.interrupted : ExitCode.done
      return { label, summary, code, seconds: secondsPassed() }
    } catch (error) {
      const summary = reached === null ? nothing : summaryOf(reached)
      return { label, summary, code: notices.error(error), seconds: secondsPassed() }
    } finally {
      progress.end(label)
    }
  }
}

const summaryOf = (progress: SyncProgress): SyncSummary =>
  Struct.omit(progress, ["pass", "reached", "total"])
