import type { N8nStatus } from "./Execution.js"
import type { N8nInsert } from "./Options.js"
import type { N8nWireExecution } from "./Wire.js"

/** n8n's side of a running simulator. */
export interface N8nSimulator {
  readonly baseUrl: string
  readonly apiKey: string
  readonly workflowIds: readonly string[]
  /** Every execution, unlisted ones included, newest first. */
  truth(): IterableIterator<N8nWireExecution>
  insert(execution?: N8nInsert): string
  delete(id: string): void
  finish(id: string, status: Exclude<N8nStatus, "new" | "running">, at?: Date | number): void
  /** From now on the data of the execution cannot be read: a page with it answers 500. */
  spoil(id: string): void
}
