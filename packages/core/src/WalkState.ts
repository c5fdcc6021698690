import type { FilterName } from "./LogQuery.js"
import type { Check } from "./Pagination.js"

/** Where a walk stands between two pages. A cursor is its written form. */
export interface WalkState {
  /** The last item read; what lies at or before it was given. Null before the first page. */
  readonly key: Key | null
  /** The last items that could not be read, by fingerprint, so that each is told once. */
  readonly refused: ReadonlySet<string>
  /** By windows, or by pages where there are none or the server ignores them. */
  readonly walk: "windows" | "pages"
  /** The upper end of the window, a listing time; null for none. */
  readonly bound: number | null
  /** Where the next page begins: in the window, or in the whole list. */
  readonly place: number
  readonly check: Check
  /** How many items to ask for, where more share an instant than the plan's page holds; else null. */
  readonly size: number | null
  /** The provider's total with the page before, in this window. */
  readonly total: number | null
  /** The longest page received so far, which tells a server's real page size. */
  readonly longest: number
  /** How many pages in a row held nothing new. */
  readonly idle: number
  /** What the page before held, and how many in a row held the same, or nothing at all. */
  readonly content: string
  readonly repeats: number
  /** Executions given whose earlier events are still due, by the fingerprint of their id. */
  readonly owed: ReadonlyMap<string, Owed>
  /** Filters that the server was seen to ignore. */
  readonly ignored: ReadonlyArray<FilterName>
}

/** A listing time and the fingerprints of the ids that were read at it. */
export interface Key {
  readonly at: number
  readonly ids: ReadonlySet<string>
}

/** An execution that was given before all its events were read. */
export interface Owed {
  /** No event of it is listed before this instant; null when unknown. */
  readonly startedAt: number | null
  /** The listing time at which it was given. */
  readonly givenAt: number
}

/** The state before the first page. */
export const startState = (walk: "windows" | "pages", bound: number | null): WalkState => ({
  key: null,
  refused: new Set(),
  walk,
  bound,
  place: 0,
  check: "none",
  size: null,
  total: null,
  longest: 0,
  idle: 0,
  content: "",
  repeats: 0,
  owed: new Map(),
  ignored: [],
})
