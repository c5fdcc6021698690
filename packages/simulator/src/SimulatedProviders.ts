import type { PrefectWireRun } from "./prefect/Objects.js"
import type { PrefectState } from "./prefect/Run.js"
import type { PrefectInsert } from "./prefect/Server.js"

/** Prefect's side of a running simulator. */
export interface PrefectSimulator {
  /** Ends in /api. */
  readonly baseUrl: string
  /** What Basic authorization must hold; null where it is not asked for. */
  readonly authString: string | null
  /** What Bearer authorization must hold; null where it is not asked for. */
  readonly apiKey: string | null
  /** The id of each flow, and at the same places their names and the ids of their schedules. */
  readonly flowIds: readonly string[]
  readonly flowNames: readonly string[]
  readonly scheduleIds: readonly string[]
  /** Every flow run as it stands now, the last expected first. */
  truth(): IterableIterator<PrefectWireRun>
  /** Makes a flow run and gives its id. */
  insert(run?: PrefectInsert): string
  delete(flowRunId: string): void
  /** Gives a run another state, as the server would: it ends, begins, waits, or begins again after its end. */
  setState(flowRunId: string, state: PrefectState): void
  /** From now on a page that holds the flow run answers 500. */
  spoil(flowRunId: string): void
}
