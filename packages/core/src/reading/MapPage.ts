import type { Joined, PageInfo } from "../adapter/Connection.js"
import { type Execution, listingTime } from "../model/Execution.js"
import { Unreadable, guarded } from "../model/Guarded.js"
import type { Json } from "../model/Json.js"
import type { Cursor, ListedSpan, LogPage, Rejected } from "../model/LogPage.js"
import { passesFilter } from "../model/LogQuery.js"
import type { FilterName } from "../model/QueryParts.js"
import { redactExecution, redactRejected } from "../model/Masking.js"
import { type Plan, queryWithoutParts } from "../walk/Plan.js"
import { type Found, type RejectedRow, type Row, rawId } from "../walk/Row.js"
import { type Taken, stateWithin } from "../walk/Walk.js"
import type { WalkState } from "../walk/WalkState.js"
import { completeExecution } from "./MapExecution.js"
import type { JoinedRows } from "./ReadJoins.js"
import { makeWarnings, type WarningList, warningOf } from "../model/Warning.js"
import { partOfQuery } from "../model/AdapterError.js"

/** An execution with the position after it. */
export interface Entry {
  readonly execution: Execution
  /** The cursor that resumes after this execution. */
  readonly cursor: () => Cursor
}

/** The executions of a page, each with the cursor after it. */
export const entriesOf = ({ page, cursorAfter }: WalkPage): Array<Entry> =>
  page.executions.map((execution, index) => ({ execution, cursor: () => cursorAfter(index) }))

/** A page that was read and taken, before its items are mapped. */
export interface TakenPage {
  /** The state at which it was asked for. */
  readonly state: WalkState
  readonly info: PageInfo
  readonly rows: ReadonlyArray<Row>
  readonly step: Taken
  /** What was asked beside for what was found. */
  readonly joined: JoinedRows
  /** The items that came without the parts of `include`. */
  readonly bare: ReadonlySet<unknown>
  /** What was found, where it had to be mapped for the page to be taken. */
  readonly mapped: Mapped | null
  /** When its first request began, in milliseconds. */
  readonly requestedAt: number
}

/** A page with the cursors of it, which cost too much to write where nobody asks for them. */
export interface WalkPage {
  readonly page: Omit<LogPage, "next">
  /** Where to go on after the page; null at the end. */
  readonly next: () => Cursor | null
  /** The row of the provider's page, from 0, that an execution of it was read at. */
  readonly rowOf: (index: number) => number
  /** The cursor that goes on after an execution of the page, by its place from 0. */
  readonly cursorAfter: (index: number) => Cursor
}

/** Maps what was found on a page to executions, and filters here what the provider did not. */
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
    // They stand on no row of the page: told after all that do.
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
    if (execution instanceof Unreadable) {
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
    // It may be what the request sent, as that of a rejected item may.
    itemIds.push(itemId === null ? null : clean(itemId))
  }
  const rowOf = (index: number) => rowIndexes[index] ?? Number.POSITIVE_INFINITY
  return {
    page: {
      executions,
      itemIds,
      rejected: rejectedRows.map(({ index, fault, places, ...row }): Rejected => {
        // It came from JSON.parse, so it is JSON.
        const raw = row.raw as Json
        const told = redactRejected(redact, raw, fault)
        const id = itemIdOf(told.raw)
        return {
          provider: source.provider,
          connection: source.name,
          // Both quote the item, and the item may hold what the request sent.
          id: id === null ? null : clean(id),
          index,
          isJoined: index >= taken.rows.length,
          cause: fault.cause,
          reason: clean(row.route === undefined ? told.reason : `${row.route}: ${told.reason}`),
          issues: told.issues.map((issue) => ({
            ...issue,
            got: issue.got === null ? null : clean(issue.got),
          })),
          raw: told.raw,
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

/** The id of an item; of events, that of the first. */
const itemIdOf = (raw: unknown): string | null => rawId(Array.isArray(raw) ? raw[0] : raw)

/** From when to when executions were listed. */
const listedSpan = (executions: ReadonlyArray<Execution>): ListedSpan => {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const execution of executions) {
    const at = listingTime(execution)
    if (at === null) continue
    from = Math.min(from, at)
    // That something has happened shows how late it is by the provider's clock.
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
        "listed_late",
        `An execution was listed more than ${delay} ms after its timestamp. A query with until may miss such executions. Raise the setting that says how late rows may be.`,
        partOfQuery("until"),
      ),
    )
  }
  if (plan.query.since !== null && plan.lowest !== null && skew !== null && -late > skew) {
    warnings.add(
      warningOf(
        "listed_late",
        `An execution has a timestamp more than ${skew} ms after it was listed. A query with since may miss such executions. Raise the setting that says how late an execution may start, or report it to the adapter's author, who declared time.skew.`,
        partOfQuery("since"),
      ),
    )
  }
}

/** What a mapping knows beside an item. */
export interface MappingGround {
  readonly joined: Joined
  /** The items that came without the parts of `include`. */
  readonly bare: ReadonlySet<unknown>
}

/** What is found on a page as executions, before any of them is filtered or masked. */
export const executionMapper = (
  { endpoint, query, source }: Plan,
  { joined, bare }: MappingGround,
): ((found: Found) => Execution | Unreadable) => {
  const forAll = { query, wanted: new Set(query.include) }
  const summary = queryWithoutParts(query)
  const forBare = { query: summary, wanted: new Set(summary.include) }
  const map = ({ item, at, raw }: Found) => {
    const { query: asked, wanted } = bare.has(raw) ? forBare : forAll
    return completeExecution(endpoint.execution(item, asked, joined), source, {
      listedAt: endpoint.time.isSequence ? null : new Date(at),
      // It came from JSON.parse, so it is JSON.
      raw: wanted.has("raw") ? (raw as Json) : undefined,
      wanted,
    })
  }
  return (found) => guarded(map, found)
}

/** What was found on a page, mapped already because a filter had to be looked at. */
export type Mapped = ReadonlyMap<Found, Execution | Unreadable>

/** The filters that the provider is said to answer exactly, and whose excluded executions it gave. */
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
    all.some((made) => !(made instanceof Unreadable) && !passesFilter(made, plan.query, filter)),
  )
  return { ignored, mapped }
}
