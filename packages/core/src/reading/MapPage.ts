import type { Joined, PageInfo } from "../adapter/Connection.js"
import { partOfQuery } from "../model/AdapterError.js"
import { DecodeFault, guarded } from "../model/DecodeFault.js"
import { durationText } from "../model/DurationText.js"
import type { Execution } from "../model/Execution.js"
import { listingTime } from "../model/ExecutionOrder.js"
import type { Json } from "../model/Json.js"
import type { Cursor, ListedSpan, LogPage, Rejected } from "../model/LogPage.js"
import { passesFilter } from "../model/LogQuery.js"
import { redactExecution, redactRejected } from "../model/Masking.js"
import type { FilterName } from "../model/QueryParts.js"
import { makeWarnings, type WarningList, warningOf } from "../model/Warning.js"
import { type Plan, queryWithoutParts } from "../walk/Plan.js"
import { type Found, type RejectedRow, type Row, rawId } from "../walk/Row.js"
import { type Taken, stateWithin } from "../walk/Walk.js"
import type { WalkState } from "../walk/WalkState.js"
import { completeExecution } from "./MapExecution.js"
import type { JoinedRows } from "./ReadJoins.js"

/** An execution with the position after it. */
export interface Entry {
  readonly execution: Execution
  /** The cursor that resumes after this execution. */
  readonly cursor: () => Cursor
}

/** The executions of a page, each with the cursor after it. */
export const entriesOf = ({ page, cursorAfter }: WalkPage): Array<Entry> =>
  page.executions.map((execution, index) => ({ execution, cursor: () => cursorAfter(index) }))

/** A page whose rows are taken, before its items are mapped. */
export interface TakenPage {
  /** The state that it was requested with. */
  readonly state: WalkState
  readonly info: PageInfo
  readonly rows: ReadonlyArray<Row>
  readonly step: Taken
  /** Joined rows of these items. */
  readonly joined: JoinedRows
  /** Items that came without the parts of `include`. */
  readonly bare: ReadonlySet<unknown>
  /** The mapped items, if taking the page required mapping them; else null. */
  readonly mapped: Mapped | null
  /** When its first request began, in milliseconds. */
  readonly requestedAt: number
}

/** A page with its cursors, which are written only on demand because writing is expensive. */
export interface WalkPage {
  readonly page: Omit<LogPage, "next">
  /** The cursor after the page; null at the end. */
  readonly next: () => Cursor | null
  /** The index on the provider's page of the row that an execution came from. */
  readonly rowOf: (index: number) => number
  /** The cursor after an execution of the page, by its index. */
  readonly cursorAfter: (index: number) => Cursor
}

/** Maps the rows of a page to executions, and applies the filters that the provider did not. */
export const mapPage = (
  plan: Plan,
  taken: TakenPage,
  write: (state: WalkState) => Cursor,
  clean: (text: string) => string,
): WalkPage => {
  const { query, source } = plan
  const { step, joined } = taken
  const { redact } = source
  const warnings = makeWarnings(...step.warnings)
  const executions: Array<Execution> = []
  const rejectedRows: Array<Omit<RejectedRow, "ok"> & { readonly route?: string }> = [
    ...step.rejected,
    // Joined rows have no place on the page; they come last.
    ...joined.rejected.map((row, index) => ({
      ...row,
      index: taken.rows.length + index,
      places: [],
    })),
  ]
  let isTotalWrong = false
  const rowIndexes: Array<number> = []
  const itemIds: Array<string | null> = []
  const listed: Array<Execution> = []
  const isBounded = plan.highest !== null || query.since !== null
  const passes = (execution: Execution) =>
    plan.evaluated.every((filter) => passesFilter(execution, query, filter))
  const map = executionMapper(plan, { joined: joined.rows, bare: taken.bare })
  for (const found of step.found) {
    const execution = taken.mapped?.get(found) ?? map(found)
    if (execution instanceof DecodeFault) {
      const { index, raw } = found
      rejectedRows.push({ index, raw, fault: execution, places: [] })
      continue
    }
    if (isBounded) warnOfDelay(plan, execution, warnings)
    listed.push(execution)
    if (!passes(execution)) {
      isTotalWrong = true
      continue
    }
    executions.push(redact === null ? execution : redactExecution(redact, execution))
    rowIndexes.push(found.index)
    const itemId = itemIdOf(found.raw)
    // The server may echo secrets of the request, also in a rejected item.
    itemIds.push(itemId === null ? null : clean(itemId))
  }
  const rowOf = (index: number) => rowIndexes[index] ?? Number.POSITIVE_INFINITY
  return {
    page: {
      executions,
      itemIds,
      rejected: rejectedRows.map(({ index, fault, places, ...row }): Rejected => {
        // The item came from JSON.parse, so it is JSON.
        const raw = row.raw as Json
        const masked = redactRejected(redact, raw, fault)
        const id = itemIdOf(masked.raw)
        return {
          provider: source.provider,
          connection: source.name,
          // Both quote the item, which may echo secrets of the request.
          id: id === null ? null : clean(id),
          index,
          isJoined: index >= taken.rows.length,
          cause: fault.cause,
          reason: clean(row.route === undefined ? masked.reason : `${row.route}: ${masked.reason}`),
          issues: masked.issues.map((issue) => ({
            ...issue,
            got: issue.got === null ? null : clean(issue.got),
          })),
          raw: masked.raw,
          // An id may be what the request sent.
          places: places.map((place) =>
            "after" in place ? { ...place, after: clean(place.after) } : place,
          ),
        }
      }),
      warnings: warnings.all(),
      total: isTotalWrong ? null : step.total,
      requestedAt: new Date(taken.requestedAt),
      listed: listedSpan(listed),
    },
    next: () => (step.next === null ? null : write(step.next)),
    rowOf,
    cursorAfter: (index) =>
      write(stateWithin(plan, taken.state, taken.rows, step.deferred, rowOf(index))),
  }
}

/** The page as plain data. */
export const logPageOf = ({ page: { total, ...page }, next }: WalkPage): LogPage => ({
  ...page,
  next: next(),
  total,
})

/** The id of an item; for events, of the first one. */
const itemIdOf = (raw: unknown): string | null => rawId(Array.isArray(raw) ? raw[0] : raw)

/** The range of listing times of some executions. */
const listedSpan = (executions: ReadonlyArray<Execution>): ListedSpan => {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const execution of executions) {
    const at = listingTime(execution)
    if (at === null) continue
    from = Math.min(from, at)
    // A past event proves what time the provider's clock has reached.
    const happened = execution.finishedAt ?? execution.startedAt
    if (happened !== null) to = Math.max(to, Math.min(at, happened.getTime()))
  }
  return { from: instantOrNull(from), to: instantOrNull(to) }
}

const instantOrNull = (instant: number): Date | null =>
  Number.isFinite(instant) ? new Date(instant) : null

const warnOfDelay = (plan: Plan, execution: Execution, warnings: WarningList): void => {
  const { delay, skew } = plan.endpoint.time
  const { listedAt, timestamp } = execution
  if (listedAt === null || timestamp === null) return
  const late = listedAt.getTime() - timestamp.getTime()
  if (plan.highest !== null && delay !== null && late > delay) {
    warnings.add(
      warningOf(
        "listing_time_unexpected",
        `An execution was listed more than ${durationText(delay)} after its timestamp. A query with until may miss such executions. Raise the setting that says how late rows may be.`,
        partOfQuery("until"),
      ),
    )
  }
  if (plan.query.since !== null && plan.lowest !== null && skew !== null && -late > skew) {
    warnings.add(
      warningOf(
        "listing_time_unexpected",
        `An execution has a timestamp more than ${durationText(skew)} after it was listed. A query with since may miss such executions. Raise the setting that says how late an execution may start, or report it to the adapter's author, who declared time.skew.`,
        partOfQuery("since"),
      ),
    )
  }
}

/** The input of a mapping besides the item. */
export interface MappingGround {
  readonly joined: Joined
  /** Items that came without the parts of `include`. */
  readonly bare: ReadonlySet<unknown>
}

/** Maps the rows of a page to executions, before filtering and masking. */
export const executionMapper = (
  { endpoint, query, source }: Plan,
  { joined, bare }: MappingGround,
): ((found: Found) => Execution | DecodeFault) => {
  const forAll = { query, wanted: new Set(query.include) }
  const summary = queryWithoutParts(query)
  const forBare = { query: summary, wanted: new Set(summary.include) }
  const map = ({ item, at, raw }: Found) => {
    const { query: itemQuery, wanted } = bare.has(raw) ? forBare : forAll
    return completeExecution(endpoint.execution(item, itemQuery, joined), source, {
      listedAt: endpoint.time.isSequence ? null : new Date(at),
      // The item came from JSON.parse, so it is JSON.
      raw: wanted.has("raw") ? (raw as Json) : undefined,
      wanted,
    })
  }
  return (found) => guarded(map, found)
}

/** The mapped rows of a page, if a filter had to be checked first. */
export type Mapped = ReadonlyMap<Found, Execution | DecodeFault>

/**
 * The filters that the provider should apply exactly, but whose excluded executions it returned.
 */
export const ignoredFilters = (
  plan: Plan,
  state: WalkState,
  found: ReadonlyArray<Found>,
  given: MappingGround,
): { readonly ignored: ReadonlyArray<FilterName>; readonly mapped: Mapped | null } => {
  const trusted = plan.evaluated.filter(
    (filter) =>
      plan.answeredExactly.includes(filter) && !state.learned.ignoredFilters.includes(filter),
  )
  if (trusted.length === 0) return { ignored: [], mapped: null }
  const map = executionMapper(plan, given)
  const mapped = new Map(found.map((one) => [one, map(one)]))
  const all = [...mapped.values()]
  const ignored = trusted.filter((filter) =>
    all.some((made) => !(made instanceof DecodeFault) && !passesFilter(made, plan.query, filter)),
  )
  return { ignored, mapped }
}
