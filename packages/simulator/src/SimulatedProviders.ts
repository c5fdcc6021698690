import type { AlloyStart } from "./alloy/Server.js"
import type { AlloyTruth } from "./alloy/Wire.js"
import type { N8nStatus } from "./n8n/Execution.js"
import type { N8nInsert } from "./n8n/Server.js"
import type { N8nWireExecution } from "./n8n/Wire.js"
import type { PrefectWireRun } from "./prefect/Objects.js"
import type { PrefectState } from "./prefect/Run.js"
import type { PrefectInsert } from "./prefect/Server.js"

/** Alloy's side of a running simulator. */
export interface AlloySimulator {
  readonly baseUrl: string
  readonly apiKey: string
  /** `forgeWorkflowId` of each workflow. */
  readonly workflowIds: readonly string[]
  readonly userIds: readonly string[]
  /** What is true of every execution now, newest last event first. */
  truth(): IterableIterator<AlloyTruth>
  start(execution?: AlloyStart): string
  finish(executionId: string, outcome: "ok" | "error", at?: Date | number): void
  delete(executionId: string): void
  /** From now on a page that holds the execution answers 500. */
  spoil(executionId: string): void
}

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

/** n8n's side of a running simulator. */
export interface N8nSimulator {
  readonly baseUrl: string
  readonly apiKey: string
  readonly workflowIds: readonly string[]
  /** Every execution, those that n8n does not list included, newest first. */
  truth(): IterableIterator<N8nWireExecution>
  insert(execution?: N8nInsert): string
  delete(id: string): void
  finish(id: string, status: Exclude<N8nStatus, "new" | "running">, at?: Date | number): void
  /** From now on the data of an execution cannot be read: what holds it answers 500. */
  spoil(id: string): void
}
