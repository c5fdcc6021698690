import type { Instant } from "../shared/Instant.js"
import type { DifyRow } from "./Row.js"
import type { DifyRunTimes, DifyVersion } from "./Wire.js"

/** The Dify side of a simulator. */
export interface DifyOptions {
  /** Number of rows to make. Default 250. */
  readonly executions?: number | undefined
  /** A history of your own instead. */
  readonly rows?: readonly DifyRow[] | undefined
  /** Default 1. */
  readonly seed?: number | undefined
  /** Now: the newest made row lies at or shortly before it. Default 2026-11-21T08:00:00Z. */
  readonly now?: Date | undefined
  /** Number of made rows an hour. Default 120. */
  readonly perHour?: number | undefined
  /** Seconds from the start of a run to its log row: least and most. Default [0, 2]. */
  readonly logDelay?: readonly [number, number] | undefined
  /** Whether log rows have microseconds below the seconds that are shown. Default true. */
  readonly microseconds?: boolean | undefined
  /** Order of rows of equal time: always the same, or another for each page and page size. Default "fixed". */
  readonly ties?: "fixed" | "shuffled" | undefined
  /** Default "1.12.1". */
  readonly version?: DifyVersion | undefined
  /** Default "app-simulator-key". */
  readonly apiKey?: string | undefined
  /** Number of end users. Default 8. */
  readonly users?: number | undefined
  /** The share of rows, from 0 to 1, whose `workflow_run` is null. Default 0. */
  readonly nullRuns?: number | undefined
  /** A larger limit is rejected. Default 100. */
  readonly maxPageSize?: number | undefined
  /** A larger limit is silently reduced to this one. */
  readonly clampTo?: number | undefined
  /** Time that 1000 skipped rows cost, in milliseconds. Default 0. */
  readonly offsetCostMs?: number | undefined
  /** How times of one run are written: "text" is RFC 2822 and 0 for none, as 1.0.1 does. Default "seconds". */
  readonly runTimes?: DifyRunTimes | undefined
  /** The app's API is switched off and answers 403. */
  readonly disabled?: boolean | undefined
  /** The key is a chat app's: the list is empty, and a run answers 400. */
  readonly chatApp?: boolean | undefined
}

/** A row to insert. */
export interface DifyInsert extends Omit<DifyRow, "listedAt"> {
  /** When its log row was written. Default: now, which moves on by 250 ms. */
  readonly at?: Instant | undefined
  /** Seconds from the start of the run to its log row. Default 0. */
  readonly delay?: number | undefined
  /** Where it stands among rows of the same time. Default "first". */
  readonly amongTies?: "first" | "last" | undefined
}
