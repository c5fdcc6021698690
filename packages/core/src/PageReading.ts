import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { explainUnwritten } from "./AnswerErrors.js"
import type { PageInfo } from "./Connection.js"
import { exceedsCursor } from "./Cursor.js"
import { ignoredFilters } from "./IgnoredFilters.js"
import { sliceOf } from "./NextPlace.js"
import { nothingJoined, readJoins } from "./JoinReading.js"
import type { JsonObject } from "./Json.js"
import type { Slice } from "./Pagination.js"
import type { TakenPage } from "./PageMapping.js"
import { faultOfNext, namesUrls, repeated, withMore, withNext } from "./NextPage.js"
import type { Plan } from "./QueryPlan.js"
import type { Requests } from "./Requests.js"
import { guarded, readRows, type Row, Unreadable } from "./Row.js"
import { beginsAs } from "./PageEvidence.js"
import { mostRepeats, pageParams, type Taken, takePage } from "./Walk.js"
import type { WalkState } from "./WalkState.js"

/** What was read at a state: an answer, or two put together. */
interface Answer {
  readonly state: WalkState
  readonly info: PageInfo
  readonly rows: ReadonlyArray<Row>
  /** The server gave the same rows for another slice. */
  readonly isStuck: boolean
  /** How many items were asked for where more came; null where not. */
  readonly exceeds: number | null
}

/** Reads the page at which a walk stands; asks again where an answer does not follow on. */
export const readPage = Effect.fnUntraced(function* (
  requests: Requests,
  plan: Plan,
  start: WalkState,
) {
  const { endpoint } = plan
  let at = start
  const requestedAt = yield* Clock.currentTimeMillis
  const warnings = new Set<string>()
  let askedAgain = 0
  for (;;) {
    const { state, info, rows, isStuck, exceeds } = yield* at.check === "pair"
      ? readPair(requests, plan, at)
      : readFilled(requests, plan, at)
    const step = takePage(plan, state, info, rows)
    for (const warning of step.warnings) warnings.add(warning)
    if (exceeds !== null) {
      warnings.add(
        `${endpoint.route} gives more than the ${exceeds} items that were asked for: the parameter for the size of a page may have another name.`,
      )
    }
    if (isStuck && step.taken && step.next === null) {
      warnings.add(`${endpoint.route} gave the same page for two numbers; it may hold more.`)
    }
    if (!step.taken) {
      if (++askedAgain > mostRepeats)
        return yield* requests.fail(repeated(requests, endpoint.route))
      at = step.state
      continue
    }
    if (isLearningAgain(state, step)) {
      at = step.next
      continue
    }
    const joined =
      plan.joins.length === 0 || step.found.length === 0
        ? nothingJoined
        : yield* readJoins(
            requests,
            plan.joins,
            step.found.map(({ item }) => item),
            "list",
          )
    const { ignored: lost, mapped } = ignoredFilters(plan, state, step.found, joined.rows)
    for (const filter of lost) {
      warnings.add(
        `${endpoint.route} gave executions that ${filter} excludes; from here on it is not asked for, and filtered here.`,
      )
      if (filter === "status" && hidesWanted(plan)) {
        warnings.add(`Executions that were asked for may be missing: ${endpoint.omits?.note ?? ""}`)
      }
    }
    const ignored = [...state.ignored, ...lost]
    const next =
      step.next === null ? null : { ...step.next, ignored: [...step.next.ignored, ...lost] }
    const fault = next === null ? null : faultOfNext(requests, endpoint, state, next)
    if (fault !== null) return yield* requests.fail(fault)
    if (next !== null && exceedsCursor(next)) {
      warnings.add(
        "More executions share one instant than a cursor can carry: resumed here, some may be given twice.",
      )
    }
    return {
      state: { ...state, ignored },
      info,
      rows,
      step: { ...step, next, warnings: [...warnings] },
      joined,
      mapped,
      requestedAt,
    } satisfies TakenPage
  }
})

/** Whether the list leaves out what a status filter, which the server ignores, asks for. */
const hidesWanted = ({ endpoint: { omits }, query: { status } }: Plan): boolean =>
  status?.some((one) => omits?.statuses.includes(one)) === true

const readSlice = Effect.fnUntraced(function* (
  requests: Requests,
  plan: Plan,
  state: WalkState,
  slice: Slice,
) {
  const { endpoint, query } = plan
  const spec = guarded(
    (params: JsonObject) => endpoint.request(query, params),
    pageParams(plan, state, slice),
  )
  if (spec instanceof Unreadable) {
    return yield* requests.fail(explainUnwritten(endpoint.route, "list", spec.reason))
  }
  const isByUrl = namesUrls(endpoint.pagination) && state.named !== null
  const { body, headers } = yield* requests.send(
    isByUrl ? { ...spec, url: state.named } : spec,
    "list",
  )
  const page = guarded(endpoint.page, body)
  if (!(page instanceof Unreadable) && page.ok) {
    const told = withMore(endpoint.pagination, page.value, slice.size)
    const rows = readRows(endpoint, told.items, twinsHavePlaces(told, slice.size))
    const info = withNext(endpoint.pagination, told, rows, headers)
    const isSized = endpoint.pagination.size !== null && info.items.length > slice.size
    const exceeds = isSized ? slice.size : null
    return { state, info, rows, isStuck: false, exceeds } satisfies Answer
  }
  const { message } = requests.problem(200, body)
  return yield* requests.fail({
    reason: "Decode",
    message: `${requests.title} answered ${endpoint.route} with something that is not a page: ${message ?? page.reason}.`,
    operation: "list",
    providerMessage: message ?? null,
  })
})

/**
 * Whether what a page holds twice is twice in the list, or only in the answer: there it is beyond
 * the size, or where nothing but the number of rows tells of the end.
 */
const twinsHavePlaces = ({ items, more, total }: PageInfo, size: number): boolean =>
  items.length <= size && (more !== null || total !== null)

/** The page at a state. One that holds nothing, though more is said to follow, is asked for twice. */
const readFilled = Effect.fnUntraced(function* (requests: Requests, plan: Plan, state: WalkState) {
  const slice = sliceOf(plan, state)
  const answer = yield* readSlice(requests, plan, state, slice)
  const { more, total } = answer.info
  const isHollow = answer.rows.length === 0 && (more ?? (total ?? 0) > slice.begin)
  return isHollow ? yield* readSlice(requests, plan, state, slice) : answer
})

/**
 * Two pages that no row of theirs joins: they follow on each other where the first is the same
 * before the second was read and after. Where it is not, the first stands alone.
 */
const readPair = Effect.fnUntraced(function* (requests: Requests, plan: Plan, state: WalkState) {
  const { least } = state
  const { begin } = sliceOf(plan, state)
  const first = { begin, size: least }
  const before = yield* readSlice(requests, plan, state, first)
  const behind = yield* readSlice(requests, plan, state, { begin: begin + least, size: least })
  const again = yield* readSlice(requests, plan, state, first)
  // Rows that came and went in between show themselves here; so does a server that is stuck.
  const isStuck = behind.rows.length > 0 && beginsAs(plan, before.rows, behind.rows)
  if (isStuck || !beginsAs(plan, before.rows, again.rows)) {
    return { ...again, state: { ...state, check: "row", size: least }, isStuck } satisfies Answer
  }
  const items = [...before.info.items, ...behind.info.items]
  return {
    state,
    info: { ...behind.info, items },
    rows: readRows(plan.endpoint, items, twinsHavePlaces({ ...behind.info, items }, 2 * least)),
    isStuck: false,
    exceeds: before.exceeds ?? behind.exceeds,
  } satisfies Answer
})

/**
 * What a cursor could not carry is read again, from above its position: pages that hold nothing new
 * are no pages of the caller's, or a walk from cursor to cursor would never get on.
 */
const isLearningAgain = (
  state: WalkState,
  step: Taken,
): step is Taken & { readonly next: WalkState } =>
  state.learnsFrom !== null && step.next !== null && step.found.length + step.refused.length === 0
