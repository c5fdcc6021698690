import type { FilterName } from "../model/QueryParts.js"

/** Where a walk stands between two pages. A cursor is its written form. */
export interface WalkState {
  /** The last item read; what lies at or before it was given. Null before the first page. */
  readonly key: Key | null
  /** The last items that could not be read, by fingerprint, so that each is told once. */
  readonly refused: ReadonlySet<string>
  /** By windows, or by pages where there are none or the server ignores them. */
  readonly walk: "windows" | "pages"
  /** The end of the window that moves, a listing time: the lower one where the oldest come first. Null for none. */
  readonly bound: number | null
  /** The cursor, id or URL by which the next page is asked for; null where it is asked by `place`. */
  readonly named: string | null
  /** How many rows of the window, or of the whole list, the next page may leave out at most. */
  readonly place: number
  /** Number of leading rows assumed to be already read. */
  readonly read: number
  readonly check: Check
  /** How many items to ask for, where the plan's number cannot get on; else null. */
  readonly size: number | null
  /** How many items the server is taken to give at most, where it gave less than was asked. */
  readonly most: number | null
  /** The least that a server of numbered pages gives, whatever is asked. */
  readonly least: number
  /** The longest page received so far, which tells a server's real page size. */
  readonly longest: number
  /** How many pages in a row held nothing new. */
  readonly idle: number
  /** What the page before held, and how many in a row held the same, or nothing at all. */
  readonly content: string
  readonly repeats: number
  /** Executions that were given before all their events were read, by the fingerprint of their id. */
  readonly partlyRead: ReadonlyMap<string, PartlyRead>
  /** A cursor left out what is partly read: rows listed from this instant on are read again for it. Else null. */
  readonly rereadFrom: number | null
  /** Filters that the server was seen to ignore, or refuses. */
  readonly ignored: ReadonlyArray<FilterName>
  readonly learned: Learned
}

/** What a server was seen to refuse beside filters, and is not asked for any more. */
export interface Learned {
  /** The largest page that it takes, where it refused a larger one; else null. */
  readonly largestPage: number | null
  /** It refuses the parts of `include`, or fails on all of them. */
  readonly withoutParts: boolean
  /** How many keys it takes for a join, by its name; 0 where it refuses the join. */
  readonly joinKeys: ReadonlyMap<string, number>
  /** The joins that it failed on last, which are tried once for a page and no more. */
  readonly failingJoins: ReadonlyArray<string>
}

/** How a page shows that it follows on what was read. Else rows above it were deleted. */
export type Check =
  /** It begins the window or the list. */
  | "none"
  /** It begins above the last instant that was read, and so holds all of that. */
  | "tie"
  /** It begins with a row that was read. */
  | "row"
  /** It is put together of two, since the server gives so few rows that none of them can overlap. */
  | "pair"

/** A listing time and the fingerprints of the ids that were read at it. */
export interface Key {
  readonly at: number
  readonly ids: ReadonlySet<string>
}

/** An execution that was given before all its events were read. */
export interface PartlyRead {
  /** No event of it is listed before this instant; null when unknown. */
  readonly startedAt: number | null
  /** The listing time at which it was given. */
  readonly givenAt: number
}

/** Before anything was refused. */
export const nothingLearned: Learned = {
  largestPage: null,
  withoutParts: false,
  joinKeys: new Map(),
  failingJoins: [],
}

/** The beginning of a window, or of the list. */
export const atBeginning = { place: 0, read: 0, check: "none", size: null, most: null } as const

/** The state before the first page. */
export const startState = (walk: "windows" | "pages", bound: number | null): WalkState => ({
  key: null,
  refused: new Set(),
  walk,
  bound,
  named: null,
  ...atBeginning,
  least: 1,
  longest: 0,
  idle: 0,
  content: "",
  repeats: 0,
  partlyRead: new Map(),
  rereadFrom: null,
  ignored: [],
  learned: nothingLearned,
})
