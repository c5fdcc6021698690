import type { ConnectionFlags } from "../flags/ConnectionFlags.js"
import type { ListRequest } from "../flags/ReadQuery.js"
import type { GoneFlag, StoredFlags } from "../flags/StoreFlags.js"
import type { Session } from "../session/Session.js"
import { UsageError } from "../session/UsageError.js"
import type { ExecutionSource } from "./ExecutionSource.js"
import { liveSource } from "./LiveSource.js"
import { rowsOfExecutions, type StatisticSource } from "./StatisticSource.js"
import { storedSource, storedStatistics } from "./StoredSource.js"

/** The requested executions, from the store with --stored, else from the providers. */
export const chooseExecutions = async (
  flags: ConnectionFlags & StoredFlags & GoneFlag,
  request: ListRequest,
  session: Session,
): Promise<ExecutionSource> =>
  (readsStore(flags) ? storedSource : liveSource)(flags, request, session)

/** The rows for statistics, from the store or from the providers. */
export const chooseStatistics = async (
  flags: ConnectionFlags & StoredFlags & GoneFlag,
  request: ListRequest,
  session: Session,
): Promise<StatisticSource> =>
  // Only without a limit can a store return bare rows, which is faster.
  readsStore(flags) && request.limit === null
    ? storedStatistics(flags, request, session)
    : rowsOfExecutions(await chooseExecutions(flags, request, session))

/** Whether a command reads the store. */
export const readsStore = ({ stored, store, gone }: StoredFlags & GoneFlag): boolean => {
  if (stored === true) return true
  if (gone === true) {
    throw new UsageError(
      "--gone requires --stored: a provider does not report executions that it no longer has.",
      "Add --stored to read the store.",
    )
  }
  if (store === undefined) return false
  throw new UsageError("--store requires --stored here.", "Add --stored to read the store.")
}
