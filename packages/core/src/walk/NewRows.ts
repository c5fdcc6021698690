import { fingerprint } from "../model/Fingerprint.js"
import { fold } from "./Fold.js"
import type { Plan } from "./Plan.js"
import {
  type Found,
  isBeyond,
  type ReadRow,
  refusedIds,
  type RefusedRow,
  type Row,
  wasRead,
} from "./Row.js"
import type { Key, PartlyRead, WalkState } from "./WalkState.js"

// Only rows near the position are read again; a list of nothing but broken items stays bounded.
const mostRefused = 300

/** The new rows of a page, and the position after it. */
export interface Settled {
  readonly found: ReadonlyArray<Found>
  readonly refused: ReadonlyArray<RefusedRow>
  /** The ids of executions that wait for the next page, which reads their instant again. */
  readonly deferred: ReadonlySet<string>
  readonly key: Key | null
  readonly refusedIds: ReadonlySet<string>
  readonly partlyRead: ReadonlyMap<string, PartlyRead>
  readonly hasForgotten: boolean
}

/** Splits rows into those that are new and those that were read before, and moves the key on. */
export const settle = (
  plan: Plan,
  state: WalkState,
  rows: ReadonlyArray<Row>,
  options: { readonly last: number | null; readonly holdTies: boolean },
): Settled => {
  const { time } = plan.endpoint
  const fresh: Array<ReadRow> = []
  const stale: Array<ReadRow> = []
  const refused: Array<RefusedRow> = []
  const refusedNames = new Set(state.refused)
  // A row that cannot be read has no time of its own: it is taken to be listed with the row above.
  let at = state.bound ?? state.key?.at ?? null
  for (const row of rows) {
    if (row.ok) {
      at = row.at
      if (row.isTwin) continue
      if (wasRead(plan.query.order, state.key, row)) stale.push(row)
      else fresh.push(row)
      continue
    }
    const names = refusedIds(row)
    const isAbove =
      state.key !== null && at !== null && isBeyond(plan.query.order, state.key.at, at)
    if (!isAbove && !names.some((name) => state.refused.has(name))) {
      refused.push(row)
    }
    for (const name of names) refusedNames.add(name)
  }
  const folded =
    plan.endpoint.fold === null
      ? {
          found: fresh,
          refused: [],
          deferred: [],
          partlyRead: state.partlyRead,
          hasForgotten: false,
        }
      : fold(plan.endpoint.fold, state.partlyRead, fresh, learnedFrom(plan, state, stale), {
          remembers: plan.listsOpenEvents,
          holdAt: options.holdTies ? options.last : null,
          forgetAbove:
            options.last === null || time.skew === null ? null : options.last + time.skew,
        })
  const deferred = new Set(folded.deferred)
  return {
    found: folded.found,
    refused: [...refused, ...folded.refused],
    deferred,
    key: keyAfter(plan, state.key, rows, options.last, deferred),
    refusedIds: new Set([...refusedNames].slice(-mostRefused)),
    partlyRead: folded.partlyRead,
    hasForgotten: folded.hasForgotten,
  }
}

/** What was left behind is told by the rows that were read when it was given, not by those above. */
const learnedFrom = (
  { query: { order } }: Plan,
  { rereadFrom }: WalkState,
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
