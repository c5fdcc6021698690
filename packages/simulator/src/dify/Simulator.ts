import type { DifyInsert } from "./Options.js"
import type { DifyStatus } from "./Row.js"
import type { DifyWireRow } from "./Wire.js"

/** Dify's side of a running simulator. */
export interface DifySimulator {
  readonly baseUrl: string
  readonly apiKey: string
  /** Every row as the list would return it now, newest first. */
  truth(): IterableIterator<DifyWireRow>
  /** When a log row was written, in milliseconds with the hidden microseconds as fraction. */
  listedAt(logOrRunId: string): number
  insert(row?: DifyInsert): { logId: string; runId: string }
  delete(logOrRunId: string): void
  finish(runId: string, status: Exclude<DifyStatus, "running" | "paused">, at?: Date | number): void
  /** From now on a page with the row answers 500. */
  spoil(logOrRunId: string): void
}
