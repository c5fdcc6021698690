import type { ConnectionFlags } from "../flags/ConnectionFlags.js"
import type { ExecutionSource } from "./ExecutionSource.js"
import { liveSource } from "./LiveSource.js"
import type { Question } from "../flags/ReadQuery.js"
import type { Session } from "../session/Session.js"
import { rowsOfExecutions, type StatisticSource } from "./StatisticSource.js"
import { storedSource, storedStatistics } from "./StoredSource.js"
import type { GoneFlag, StoredFlags } from "../flags/StoreFlags.js"
import { UsageError } from "../session/UsageError.js"

/** The executions that are asked for: of the store with --stored, else of the providers. */
export const chooseExecutions = async (
  flags: ConnectionFlags & StoredFlags & GoneFlag,
  question: Question,
  session: Session,
): Promise<ExecutionSource> =>
  (readsStore(flags) ? storedSource : liveSource)(flags, question, session)

/** The rows of statistics, of the store or of the providers. */
export const chooseStatistics = async (
  flags: ConnectionFlags & StoredFlags & GoneFlag,
  question: Question,
  session: Session,
): Promise<StatisticSource> =>
  // A store gives its newest as executions, and all of its rows without.
  readsStore(flags) && question.limit === null
    ? storedStatistics(flags, question, session)
    : rowsOfExecutions(await chooseExecutions(flags, question, session))

/** Whether a command reads the store. */
export const readsStore = ({ stored, store, gone }: StoredFlags & GoneFlag): boolean => {
  if (stored === true) return true
  if (gone === true) {
    throw new UsageError(
      "--gone goes with --stored: a provider does not tell of what it has no more.",
      "Add --stored to read what is kept.",
    )
  }
  if (store === undefined) return false
  throw new UsageError("--store goes with --stored here.", "Add --stored to read what is kept.")
}
