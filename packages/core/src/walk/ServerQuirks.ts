import * as Schema from "effect/Schema"
import { filterNames, type FilterName } from "../model/QueryParts.js"

/** Parameters that the server ignored or rejected in this walk; they are not sent again. */
export const ServerQuirks = Schema.Struct({
  /** Filters that the server ignores or rejects; execlog applies them instead. */
  ignoredFilters: Schema.Array(Schema.Literals(filterNames)),
  /** The largest page that the server accepts, if it rejected a larger one; else null. */
  largestPage: Schema.NullOr(Schema.Natural),
  /** The server rejects the parts of `include`, or fails on all of them. */
  withoutParts: Schema.Boolean,
  /** How many keys the server accepts for a join, by the join's name; 0 if it rejects the join. */
  joinKeys: Schema.ReadonlyMap(Schema.String, Schema.Natural),
  /** Joins that failed on the last page: each is requested once per page, without retries. */
  failingJoins: Schema.Array(Schema.String),
})

export type ServerQuirks = typeof ServerQuirks.Type

/** At the beginning of a walk. */
export const noQuirks: ServerQuirks = {
  ignoredFilters: [],
  largestPage: null,
  withoutParts: false,
  joinKeys: new Map(),
  failingJoins: [],
}

/** Adds filters that the server ignores or rejects. */
export const withoutFilters = (
  learned: ServerQuirks,
  ...filters: ReadonlyArray<FilterName>
): ServerQuirks => {
  const added = filters.filter((filter) => !learned.ignoredFilters.includes(filter))
  return added.length === 0
    ? learned
    : { ...learned, ignoredFilters: [...learned.ignoredFilters, ...added] }
}
