import type { Instant } from "../shared/Instant.js"
import type { PrefectTies } from "./Lists.js"
import type { PrefectRun } from "./Run.js"

/** The kinds of objects that a key may be denied. */
export const prefectDenied = ["flows", "task_runs"] as const
/** One of these kinds. */
export type PrefectDenied = (typeof prefectDenied)[number]

/** The Prefect side of a simulator. */
export interface PrefectOptions {
  /** Number of flow runs to make. Default 250. */
  readonly executions?: number | undefined
  /** A history of your own instead, the newest first. */
  readonly runs?: readonly PrefectRun[] | undefined
  /** Default 1. */
  readonly seed?: number | undefined
  /** Now: made runs lie before it, but for some that are scheduled. Default 2026-11-21T08:00:00Z. */
  readonly now?: Date | undefined
  /** Number of made runs an hour. Default 120. */
  readonly perHour?: number | undefined
  /** Default 4. */
  readonly flows?: number | undefined
  /** Order of rows of equal time: always the same, another for each query, or for each page too. Default "byQuery". */
  readonly ties?: PrefectTies | undefined
  /** The required Basic credentials: "user:password". Default: none. */
  readonly authString?: string | undefined
  /** The required Bearer token. Default: none. */
  readonly apiKey?: string | undefined
  /** The server rejects every POST for the lack of a CSRF token. */
  readonly csrf?: boolean | undefined
  /** Kinds of objects that the key may not read: their filters answer 403. Default: none. */
  readonly denied?: readonly PrefectDenied[] | undefined
  /** Both the default and the largest limit. Default 200. */
  readonly maxPageSize?: number | undefined
  /** A larger limit is silently reduced to this one. */
  readonly clampTo?: number | undefined
  /** Time that 1000 skipped rows cost, in milliseconds. Default 0. */
  readonly offsetCostMs?: number | undefined
}

/** A flow run to insert. Default: it is expected now, which moves on by 250 ms. */
export interface PrefectInsert extends Omit<PrefectRun, "expectedStartTime"> {
  readonly expectedStartTime?: Instant | undefined
}
