import type { ListEndpoint, PageInfo } from "./Connection.js"
import { fingerprint } from "./Fingerprint.js"
import { fold } from "./Fold.js"
import type { JsonObject } from "./Json.js"
import type { FilterName } from "./LogQuery.js"
import * as Pagination from "./Pagination.js"
import { mergeParams, type Plan, tickOf } from "./QueryPlan.js"
import { type Key, type Owed, startState, type WalkState } from "./WalkState.js"

/**
 * The walk over a list: which page to ask for, whether the answer follows on what was read, what of
 * it is new, and where to go on. Pure functions over a {@link WalkState}; nothing here waits.
 */

/** One row of a page: read, or refused with a reason. */
export type Row =
  | {
      readonly ok: true
      readonly index: number
      readonly raw: unknown
      readonly item: unknown
      readonly id: string
      readonly at: number
    }
  | { readonly ok: false; readonly index: number; readonly raw: unknown; readonly reason: string }

/** A row that was read. */
export type ReadRow = Extract<Row, { readonly ok: true }>
/** A row that was refused. */
export type RefusedRow = Extract<Row, { readonly ok: false }>

/** One execution that is due to be given, with the rows that tell of it. */
export interface Found {
  readonly item: unknown
  readonly rows: ReadonlyArray<ReadRow>
}

/** What became of a page. */
export type Step =
  /** It does not follow on what was read: ask again from `state`. */
  | { readonly taken: false; readonly state: WalkState }
  | {
      readonly taken: true
      readonly found: ReadonlyArray<Found>
      readonly refused: ReadonlyArray<RefusedRow>
      /** Null at the end of the walk. */
      readonly next: WalkState | null
      readonly total: number | null
      readonly warnings: ReadonlyArray<string>
    }

/** Many pages in a row without anything new: the server gives the same again and again. */
export const mostIdlePages = 100

/** The state before the first page of a plan. */
export const startWalk = (plan: Plan): WalkState => {
  const { time } = plan.endpoint
  return startState(
    time.walk,
    plan.highest === null || time.before === null ? null : tickOf(plan.highest, time.tick),
  )
}

/** How many items to ask for. An overlapping offset needs two to get on. */
export const requestSize = (plan: Plan, state: WalkState): number => {
  const size = state.size ?? plan.pageSize
  return plan.endpoint.pagination.style === "offset" ? Math.max(2, size) : size
}

/** The parameters that ask for the page at which a state stands. */
export const pageParams = (plan: Plan, state: WalkState): JsonObject => {
  const { pagination, time } = plan.endpoint
  return mergeParams(
    [plan.params],
    state.bound !== null && time.before !== null ? time.before(state.bound) : {},
    Pagination.params(pagination, state.place, requestSize(plan, state)),
  )
}

/** Reads the rows of a page. */
export const readRows = (endpoint: ListEndpoint, items: ReadonlyArray<unknown>): Array<Row> => {
  const { tick } = endpoint.time
  return items.map((raw, index) => {
    const decoded = endpoint.item(raw)
    if (!decoded.ok) return { ok: false, index, raw, reason: decoded.reason }
    const { item, id, at } = decoded.value
    return { ok: true, index, raw, item, id, at: tickOf(at, tick) }
  })
}

/** Takes a page: what is new in it, and where to go on. */
export const takePage = (
  plan: Plan,
  before: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): Step => {
  const { pagination } = plan.endpoint
  const warnings: Array<string> = []
  let state = before

  if (ignoresWindow(plan, state, rows)) {
    warnings.push(
      `${plan.endpoint.route} ignored the upper time bound ${new Date(state.bound ?? 0).toISOString()}; going on by pages and filtering here.`,
    )
    const place = state.place
    state = { ...state, walk: "pages", bound: null, place: 0, check: "none", total: null }
    state = { ...state, ignored: addFilter(state.ignored, "startedBefore") }
    if (place > 0) return { taken: false, state }
  }

  if (!followsOn(plan, state, page, rows)) {
    const size = Math.max(state.longest, 1)
    return {
      taken: false,
      state: {
        ...state,
        place: Pagination.placeBefore(pagination, state.place, size),
        check: "overlap",
        total: null,
      },
    }
  }

  const last = lastListed(plan, rows)
  const isPastEnd = stopsAfter(plan, last)
  if (isPastEnd && ignoresLowest(plan, state)) {
    warnings.push(
      `${plan.endpoint.route} ignored the lower time bound ${new Date(plan.lowest ?? 0).toISOString()}; filtering here.`,
    )
    state = { ...state, ignored: addFilter(state.ignored, "startedAfter") }
  }

  const ends = isPastEnd || isLastPage(plan, state, page, rows)
  const moves =
    state.walk === "windows" && last !== null && (state.bound === null || last < state.bound)
  const settled = settle(plan, state, rows, { last, holdTies: moves && !ends })
  const isIdle = settled.found.length === 0 && settled.refused.length === 0
  const idle = isIdle && state.check !== "overlap" ? state.idle + 1 : isIdle ? state.idle : 0
  const isExhausted =
    page.more === null &&
    page.total === null &&
    state.check !== "overlap" &&
    idle >= 2 &&
    rows.length < state.longest
  if (isDisordered(plan, rows)) {
    warnings.push(
      `${plan.endpoint.route} did not list in the order of its time; an execution may be missed.`,
    )
  }

  const following = {
    ...state,
    key: settled.key,
    owed: settled.owed,
    longest: Math.max(state.longest, rows.length),
    idle,
  }
  const next = moves
    ? { ...following, ...newWindow(last) }
    : outgrows(plan, state, rows)
      ? {
          ...following,
          size: Math.min(2 * requestSize(plan, state), plan.endpoint.maxPageSize),
          place: 0,
          check: "none" as const,
        }
      : {
        ...following,
        ...(rows.length === 0
          ? Pagination.placeAfterEmpty(pagination, state.place, requestSize(plan, state))
          : Pagination.placeAfter(pagination, state.place, {
              received: rows.length,
              check: state.check,
              knowsTotal: page.total !== null,
            })),
        total: page.total,
      }
  return {
    taken: true,
    found: settled.found,
    refused: settled.refused,
    next: ends || isExhausted ? null : next,
    total: plan.totalIsExact && state.bound === null && state.ignored.length === 0 ? page.total : null,
    warnings,
  }
}

/** The state after some rows of a page were given, for a cursor that stands inside the page. */
export const stateWithin = (
  plan: Plan,
  before: WalkState,
  rows: ReadonlyArray<Row>,
  upTo: number,
): WalkState => {
  const prefix = rows.slice(0, upTo + 1)
  const last = lastListed(plan, prefix)
  const settled = settle(plan, before, prefix, { last, holdTies: false })
  const moves =
    before.walk === "windows" && last !== null && (before.bound === null || last < before.bound)
  return {
    ...before,
    key: settled.key,
    owed: settled.owed,
    ...(moves ? newWindow(last) : {}),
  }
}

const newWindow = (bound: number | null) => ({
  bound,
  place: 0,
  check: "none" as const,
  size: null,
  total: null,
})

/**
 * Whether more items share the window's instant than a page holds, and a larger page may hold them.
 * Inside one instant a provider need not keep an order, so pages of it may miss what one page shows.
 */
const outgrows = (plan: Plan, state: WalkState, rows: ReadonlyArray<Row>): boolean =>
  state.walk === "windows" &&
  state.bound !== null &&
  state.place === 0 &&
  rows.length === requestSize(plan, state) &&
  rows.length < plan.endpoint.maxPageSize

interface Settled {
  readonly found: ReadonlyArray<Found>
  readonly refused: ReadonlyArray<RefusedRow>
  readonly key: Key | null
  readonly owed: ReadonlyMap<string, Owed>
}

/** Splits rows into those that are new and those that were read before, and moves the key on. */
const settle = (
  plan: Plan,
  state: WalkState,
  rows: ReadonlyArray<Row>,
  options: { readonly last: number | null; readonly holdTies: boolean },
): Settled => {
  const fresh: Array<ReadRow> = []
  const stale: Array<ReadRow> = []
  const refused: Array<RefusedRow> = []
  const refusedIds: Array<string> = []
  // A row that cannot be read has no time of its own: it is taken to be listed with the row above.
  let at = state.bound ?? state.key?.at ?? null
  for (const row of rows) {
    if (row.ok) {
      at = row.at
      if (wasRead(plan, state.key, row)) stale.push(row)
      else fresh.push(row)
      continue
    }
    const id = refusedId(row)
    refusedIds.push(id)
    const isStale =
      state.key !== null && at !== null
        ? isBeyond(plan, state.key.at, at) || state.key.ids.has(id)
        : false
    if (!isStale) refused.push(row)
  }
  const folded =
    plan.endpoint.fold === null
      ? { found: fresh.map((row) => ({ item: row.item, rows: [row] })), held: [], owed: state.owed }
      : fold(plan.endpoint.fold, state.owed, fresh, stale, {
          holdAt: options.holdTies ? options.last : null,
          forgetAbove: options.last === null ? null : options.last + plan.endpoint.time.skew,
        })
  return {
    found: folded.found,
    refused,
    key: keyAfter(plan, state.key, rows, options.last, new Set(folded.held), refusedIds),
    owed: folded.owed,
  }
}

const keyAfter = (
  plan: Plan,
  before: Key | null,
  rows: ReadonlyArray<Row>,
  last: number | null,
  held: ReadonlySet<string>,
  refusedIds: ReadonlyArray<string>,
): Key | null => {
  if (last === null || (before !== null && isBeyond(plan, before.at, last))) {
    if (before === null || refusedIds.length === 0) return before
    return { at: before.at, ids: new Set([...before.ids, ...refusedIds]) }
  }
  const ids = new Set(before !== null && before.at === last ? before.ids : [])
  for (const row of rows) {
    if (row.ok && row.at === last && !held.has(row.id)) ids.add(fingerprint(row.id))
  }
  for (const id of refusedIds) ids.add(id)
  return { at: last, ids }
}

const wasRead = (plan: Plan, key: Key | null, row: ReadRow): boolean =>
  key !== null &&
  (isBeyond(plan, key.at, row.at) || (row.at === key.at && key.ids.has(fingerprint(row.id))))

/** Whether an instant comes strictly later in the listing than another. */
const isBeyond = (plan: Plan, instant: number, other: number): boolean =>
  plan.query.order === "newest" ? instant < other : instant > other

const refusedId = (row: RefusedRow): string => `!${fingerprint(JSON.stringify(row.raw) ?? "")}`

const lastListed = (plan: Plan, rows: ReadonlyArray<Row>): number | null =>
  rows.reduce<number | null>(
    (last, row) => (row.ok && (last === null || isBeyond(plan, row.at, last)) ? row.at : last),
    null,
  )

const isDisordered = (plan: Plan, rows: ReadonlyArray<Row>): boolean => {
  let last: number | null = null
  for (const row of rows) {
    if (!row.ok) continue
    if (last !== null && isBeyond(plan, last, row.at)) return true
    last = row.at
  }
  return false
}

/** Items listed after the window's upper end: the server does not know the parameter. */
const ignoresWindow = (plan: Plan, state: WalkState, rows: ReadonlyArray<Row>): boolean => {
  const { bound } = state
  if (bound === null || state.walk !== "windows") return false
  const slack = plan.endpoint.time.tick
  return rows.some((row) => row.ok && row.at > bound + slack)
}

const ignoresLowest = (plan: Plan, state: WalkState): boolean =>
  plan.query.order === "newest" &&
  plan.endpoint.time.after !== null &&
  !state.ignored.includes("startedAfter")

/** Whether all that is listed after an instant lies outside the query's time range. */
const stopsAfter = (plan: Plan, last: number | null): boolean => {
  const end = plan.query.order === "newest" ? plan.lowest : plan.highest
  return last !== null && end !== null && isBeyond(plan, last, tickOf(end, plan.endpoint.time.tick))
}

const addFilter = (
  filters: ReadonlyArray<FilterName>,
  filter: FilterName,
): ReadonlyArray<FilterName> => (filters.includes(filter) ? filters : [...filters, filter])

const followsOn = (
  plan: Plan,
  state: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): boolean => {
  if (state.place === 0) return true
  switch (state.check) {
    case "none":
      return true
    case "total":
      return page.total === null || state.total === null || page.total >= state.total
    case "overlap": {
      const [first] = rows
      if (first === undefined) return false
      return first.ok
        ? wasRead(plan, state.key, first)
        : state.key !== null && state.key.ids.has(refusedId(first))
    }
  }
}

const isLastPage = (
  plan: Plan,
  state: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): boolean => {
  if (page.more !== null) return !page.more
  const { pagination } = plan.endpoint
  if (page.total !== null) {
    const size = Math.max(state.longest, rows.length)
    const reached =
      pagination.style === "offset"
        ? state.place + rows.length
        : state.place * size + rows.length
    return reached >= page.total
  }
  return rows.length === 0 && state.check !== "overlap"
}
