import * as Schema from "effect/Schema"
import { fingerprint } from "../model/Fingerprint.js"
import type { Order } from "../model/LogQuery.js"
import { fold, PartlyRead } from "./Fold.js"
import type { Plan } from "./Plan.js"
import {
  type Found,
  isBeyond,
  type ReadRow,
  rejectedIds,
  type RejectedRow,
  type Row,
} from "./Row.js"

/** The last listing time read, and the executions read at it. Ids are fingerprints. */
const Key = Schema.Struct({ at: Schema.Finite, ids: Schema.ReadonlySet(Schema.String) })
type Key = typeof Key.Type

/**
 * The position read so far. Rows at or before it are dropped when they are read again.
 */
export const Position = Schema.Struct({
  /** Null before the first row. */
  key: Schema.NullOr(Key),
  /** Fingerprints of the last rejected items, so that each is reported once. */
  rejected: Schema.ReadonlySet(Schema.String),
  /**
   * Executions that were returned before all their events were read, by fingerprint of their id.
   */
  partlyRead: Schema.ReadonlyMap(Schema.String, PartlyRead),
  /**
   * Set after a cursor that could not hold all of `partlyRead`: rows listed from this time on are
   * read again to restore it. Else null.
   */
  rereadFrom: Schema.NullOr(Schema.Finite),
})

export type Position = typeof Position.Type

/** The beginning of a walk. */
export const nothingRead: Position = {
  key: null,
  rejected: new Set(),
  partlyRead: new Map(),
  rereadFrom: null,
}

/** The position after all rows beyond a listing time, and before the rows at it. */
export const readDownTo = (at: number): Position => ({
  ...nothingRead,
  key: { at, ids: new Set() },
})

/** Whether a row was read. */
export const wasRead = (order: Order, { key }: Position, row: ReadRow): boolean =>
  key !== null &&
  (isBeyond(order, key.at, row.at) || (row.at === key.at && key.ids.has(fingerprint(row.id))))

/** Whether a row was read or rejected before. */
export const isKnown = (order: Order, position: Position, row: Row): boolean =>
  row.ok ? wasRead(order, position, row) : wasRejected(position, row)

const wasRejected = ({ rejected }: Position, row: RejectedRow): boolean =>
  rejectedIds(row).some((name) => rejected.has(name))

// Rows are read again only near the position; the limit matters for lists of nothing but broken
// items.
const mostRejected = 300

/** The new rows of a page, and the position after it. */
export interface NewRows {
  readonly found: ReadonlyArray<Found>
  readonly rejected: ReadonlyArray<RejectedRow>
  /** The ids of executions that wait for the next page, which reads the last instant again. */
  readonly deferred: ReadonlySet<string>
  readonly position: Position
  /** Whether executions were forgotten whose earliest event was not read yet. */
  readonly hasForgotten: boolean
}

/** Separates new rows from those read before, and advances the position. */
export const takeRows = (
  plan: Plan,
  position: Position,
  rows: ReadonlyArray<Row>,
  options: {
    /** The listing time that lies furthest in the listing. */
    readonly last: number | null
    /** The listing time at which the page begins, if the request says so; else null. */
    readonly from: number | null
    /** Whether the next page reads the last instant again, so that an event at it can wait. */
    readonly holdTies: boolean
  },
): NewRows => {
  const { order } = plan.query
  const { last, from, holdTies } = options
  const fresh: Array<ReadRow> = []
  const stale: Array<ReadRow> = []
  const rejected: Array<RejectedRow> = []
  const rejectedNames = new Set(position.rejected)
  // A row that cannot be read has no time: assume that of the row above.
  let at = from ?? position.key?.at ?? null
  for (const row of rows) {
    if (row.ok) {
      at = row.at
      if (row.isDuplicate) continue
      if (wasRead(order, position, row)) stale.push(row)
      else fresh.push(row)
      continue
    }
    const isAbove = position.key !== null && at !== null && isBeyond(order, position.key.at, at)
    if (!isAbove && !wasRejected(position, row)) rejected.push(row)
    for (const name of rejectedIds(row)) rejectedNames.add(name)
  }
  const { time } = plan.endpoint
  const { partlyRead } = position
  const folded =
    plan.endpoint.fold === null
      ? { found: fresh, rejected: [], deferred: [], partlyRead, hasForgotten: false }
      : fold(plan.endpoint.fold, partlyRead, fresh, relearned(plan, position, stale), {
          remembers: plan.listsOpenEvents,
          holdAt: holdTies ? last : null,
          forgetAbove: last === null || time.skew === null ? null : last + time.skew,
        })
  const deferred = new Set(folded.deferred)
  return {
    found: folded.found,
    rejected: [...rejected, ...folded.rejected],
    deferred,
    position: {
      ...position,
      key: keyAfter(plan, position.key, rows, last, deferred),
      rejected: new Set([...rejectedNames].slice(-mostRejected)),
      partlyRead: folded.partlyRead,
    },
    hasForgotten: folded.hasForgotten,
  }
}

/** The rows that restore `partlyRead`: those from `rereadFrom` on. */
const relearned = (
  { query: { order } }: Plan,
  { rereadFrom }: Position,
  stale: ReadonlyArray<ReadRow>,
): ReadonlyArray<ReadRow> =>
  rereadFrom === null ? [] : stale.filter(({ at }) => !isBeyond(order, rereadFrom, at))

const keyAfter = (
  plan: Plan,
  before: Key | null,
  rows: ReadonlyArray<Row>,
  last: number | null,
  deferred: ReadonlySet<string>,
): Key | null => {
  if (last === null || (before !== null && isBeyond(plan.query.order, before.at, last))) {
    return before
  }
  const ids = new Set(before !== null && before.at === last ? before.ids : [])
  for (const row of rows) {
    if (row.ok && row.at === last && !deferred.has(row.id)) ids.add(fingerprint(row.id))
  }
  return { at: last, ids }
}
