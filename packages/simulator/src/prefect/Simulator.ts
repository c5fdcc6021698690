import type { PrefectWireRun } from "./Objects.js"
import type { PrefectInsert } from "./Options.js"
import type { PrefectState } from "./State.js"

/** Prefect's side of a running simulator. */
export interface PrefectSimulator {
  /** It ends in /api. */
  readonly baseUrl: string
  /** The required Basic credentials; null if none are required. */
  readonly authString: string | null
  /** The required Bearer token; null if none is required. */
  readonly apiKey: string | null
  /** The id of each flow. Their names and the ids of their schedules have the same places. */
  readonly flowIds: readonly string[]
  readonly flowNames: readonly string[]
  readonly scheduleIds: readonly string[]
  /** Every flow run as it is now, the last expected first. */
  truth(): IterableIterator<PrefectWireRun>
  /** Adds a flow run, and returns its id. */
  insert(run?: PrefectInsert): string
  delete(flowRunId: string): void
  /** Gives a run its next state: it ends, begins, waits, or begins again after its end. */
  setState(flowRunId: string, state: PrefectState): void
  /** From now on a page with the flow run answers 500. */
  spoil(flowRunId: string): void
}
