import type {
  Connection,
  JoinUse,
  ListEndpoint,
  StartBounds,
  TimeAxis,
  TimeBounds,
} from "../adapter/Connection.js"
import type { Redact } from "../model/Masking.js"
import type { FilterAnswer } from "../adapter/FilterAnswer.js"
import { type ExecutionStatus, type Include, isTerminal } from "../model/Execution.js"
import { clampInstant, tickOf } from "../model/Instant.js"
import type { JsonObject } from "../model/Json.js"
import {
  type CheckedQuery,
  type FilterName,
  type Order,
  filterNames,
  invalidQuery,
} from "../model/LogQuery.js"
import { mayShift } from "../adapter/Pagination.js"
import { mergeParams } from "../adapter/FilterAnswering.js"
import { type PlanNote, planNotes } from "./PlanNotes.js"
import {
  AdapterError,
  type Hint,
  type HintCode,
  type Subject,
  partOfQuery,
} from "../model/AdapterError.js"

/** Where executions come from. */
export interface Source {
  readonly provider: string
  /** The connection's name. */
  readonly name: string | null
  /** The provider's words for a status. */
  readonly statuses: { readonly [word: string]: ExecutionStatus }
  /** What the user wants masked; null for nothing. */
  readonly redact: Redact | null
}

/**
 * How a query will be answered: which endpoint, how it is walked, and who answers each filter.
 * Plain data, returned by `explain`.
 */
export interface QueryPlan {
  readonly provider: string
  readonly connection: string | null
  /** The endpoint's name: `"list"` or `"detail"`. */
  readonly endpoint: string
  /** The request, for people: `GET /workflows/logs`. */
  readonly route: string
  /**
   * What its items are. Events reflect the time when the walk began, whenever they are read; an
   * execution reflects the time of its request.
   */
  readonly lists: "executions" | "events"
  /**
   * Whether the list is ordered by a time, or by increasing numbers that are the ids and may have
   * gaps.
   */
  readonly listedBy: "time" | "number"
  /** The parameters of the first request, without the key. */
  readonly params: JsonObject
  readonly order: Order
  readonly pageSize: number
  /** By time windows, where every page costs the same, or page by page. */
  readonly walk: "windows" | "pages"
  /** `exact`: every execution once, whatever changes meanwhile. `bestEffort`: see `notes`. */
  readonly consistency: "exact" | "bestEffort"
  readonly filters: ReadonlyArray<FilterPlan>
  /** Executions of these statuses are omitted unless a query requests their status alone. */
  readonly omits: ReadonlyArray<ExecutionStatus>
  /** No item listed before this time (UTC) is read; null if the whole list is read. */
  readonly stopsBefore: Date | null
  /** The parts of `include` that the list returns. */
  readonly included: ReadonlyArray<Include>
  /** The parts of `include` that the list cannot return; `get` may return them. */
  readonly absent: ReadonlyArray<Include>
  readonly notes: ReadonlyArray<PlanNote>
}

/** How one filter is answered. */
export interface FilterPlan {
  readonly filter: FilterName
  readonly answer: FilterAnswer["by"]
  /** The parameters that carry it to the provider. */
  readonly sent: JsonObject
  readonly note: string | null
}

/** A plan with what the walk needs beside. */
export interface Plan {
  readonly query: CheckedQuery
  readonly endpoint: ListEndpoint
  /** The parameters that carry each filter but those of time. */
  readonly pushedDown: ReadonlyArray<PushedDown>
  readonly pageSize: number
  /** Items listed before this instant are not read. */
  readonly lowest: number | null
  /** Of a list that goes by numbers: reading stops at an item that was made before this instant. */
  readonly lowestCreated: number | null
  /** Items listed after this instant are not asked for. */
  readonly highest: number | null
  /** Behind this listing time the walk asks for what is not planned alone; null: it asks for all. */
  readonly ahead: { readonly from: number; readonly params: JsonObject } | null
  /** What is asked beside for each page. */
  readonly joins: ReadonlyArray<JoinUse>
  /** What makes an execution of an adapter's draft. */
  readonly source: Source
  /** The filters that the provider is said to answer exactly. */
  readonly answeredExactly: ReadonlyArray<FilterName>
  /** The filters that are evaluated here, those that were pushed down included. */
  readonly evaluated: ReadonlyArray<Exclude<FilterName, "search">>
  /** Events of unfinished executions are listed, so one that was given may be read of again. */
  readonly listsOpenEvents: boolean
  /** The provider's total is the total of the query. */
  readonly totalIsExact: boolean
  /** The settings already say that nothing passes. */
  readonly isEmpty: boolean
  readonly explained: QueryPlan
}

/** A filter that the provider answers exactly, or as a superset, and the parameters that carry it. */
interface PushedDown {
  readonly filter: FilterName
  readonly sent: JsonObject
}

/** Plans a query. Throws `Unsupported` or `InvalidQuery`, naming the part. */
export const planQuery = (connection: Connection, source: Source, query: CheckedQuery): Plan => {
  const endpoint =
    connection.detail !== null && connection.detail.when(query)
      ? connection.detail
      : connection.list
  if (!endpoint.orders.includes(query.order)) {
    throw unsupported(
      connection,
      `${connection.title} cannot list the ${query.order} first here: ${endpoint.route} lists the ${endpoint.orders.join(" or the ")} first.`,
      partOfQuery("order"),
      {
        code: "other_value",
        text: `Leave it out, or ask for "${endpoint.orders.join('" or "')}".`,
      },
    )
  }
  if (query.pageSize !== null && query.pageSize > endpoint.maxPageSize) {
    throw invalidQuery(
      `A page of ${query.pageSize} is too large: ${connection.title} gives at most ${endpoint.maxPageSize} for ${endpoint.route}.`,
      { subject: partOfQuery("pageSize") },
    )
  }
  const filters = filterNames
    .filter((filter) => query[filter] !== null && isToAnswer(endpoint, query, filter))
    .map((filter) => ({ filter, answer: answerFilter(endpoint, query, filter) }))
  for (const { filter, answer } of filters) {
    if (answer.by === "nobody") {
      throw unsupported(
        connection,
        `${connection.title} cannot filter by ${filter}: ${answer.note}`,
        partOfQuery(filter),
        answer.hint ?? "leave_out",
      )
    }
  }
  const { time } = endpoint
  const lowest = time.isSequence ? null : lowestListed(endpoint, query)
  const lowestCreated =
    time.isSequence && query.since !== null && time.skew !== null ? query.since - time.skew : null
  const highest =
    query.until === null ||
    time.delay === null ||
    time.isSequence ||
    startsAsked(time, query)?.before
      ? null
      : clampInstant(query.until + time.delay)
  const pushedDown = filters
    .filter(({ filter }) => !goesByListing(endpoint, query, filter))
    .map(({ filter, answer }) => ({ filter, sent: sentBy(answer) }))
  const joins = endpoint.joins.filter(({ when }) => when(query))
  const pageSize = query.pageSize ?? endpoint.maxPageSize
  const absent = query.include.filter((part) => part !== "raw" && !endpoint.gives.includes(part))
  // Numbered pages cannot always overlap, and windows need none to.
  const consistency =
    time.walk === "pages" && mayShift(endpoint.pagination) ? "bestEffort" : "exact"
  const first = mergeParams([
    ...filterParams({ endpoint, lowest, pushedDown }, []),
    highest !== null && time.before !== null ? time.before(tickOf(highest, time.tick)) : {},
  ])
  return {
    query,
    endpoint,
    pushedDown,
    pageSize,
    lowest,
    lowestCreated,
    highest,
    ahead: aheadOf(endpoint, query),
    joins,
    source,
    answeredExactly: filters
      .filter(({ answer }) => answer.by === "provider")
      .map(({ filter }) => filter),
    evaluated: filters.map(({ filter }) => filter).filter((filter) => filter !== "search"),
    listsOpenEvents: !filters.some(
      ({ filter, answer }) =>
        filter === "status" && answer.by === "provider" && query.status?.every(isTerminal),
    ),
    totalIsExact: endpoint.fold === null && filters.every(({ answer }) => answer.by === "provider"),
    isEmpty: filters.some(({ answer }) => answer.by === "settings" && !answer.passes),
    explained: {
      provider: source.provider,
      connection: source.name,
      endpoint: endpoint.name,
      route: endpoint.route,
      lists: endpoint.fold === null ? "executions" : "events",
      listedBy: time.isSequence ? "number" : "time",
      params: first,
      order: query.order,
      pageSize,
      walk: time.walk,
      consistency,
      filters: filters.map(({ filter, answer }) => ({
        filter,
        answer: answer.by,
        sent: sentBy(answer),
        note: "note" in answer ? (answer.note ?? null) : null,
      })),
      omits: query.status === null ? (endpoint.omits?.statuses ?? []) : [],
      stopsBefore: lowest === null || query.order === "oldest" ? null : new Date(lowest),
      included: query.include.filter((part) => !absent.includes(part)),
      absent,
      notes: planNotes({ connection, endpoint, query, joins, absent, consistency }),
    },
  }
}

/** The plan for what is listed at or after an instant that lies within it. */
export const narrowPlan = (plan: Plan, lowest: number): Plan => ({ ...plan, lowest })

/** The parameters of every request that carry filters, without those that the server ignores. */
export const filterParams = (
  { endpoint: { time }, lowest, pushedDown }: Pick<Plan, "endpoint" | "lowest" | "pushedDown">,
  ignored: ReadonlyArray<FilterName>,
): ReadonlyArray<JsonObject> => [
  ...pushedDown.filter(({ filter }) => !ignored.includes(filter)).map(({ sent }) => sent),
  lowest !== null && time.after !== null && !ignored.includes("since")
    ? time.after(tickOf(lowest, time.tick))
    : {},
]

/** A query for the summary alone, as a list that cannot give the parts is asked. */
export const queryWithoutParts = (query: CheckedQuery): CheckedQuery => ({
  ...query,
  include: query.include.filter((part) => part === "raw"),
})

/** What is listed for a time to come, where a walk by windows begins or ends: most of it is planned. */
const aheadOf = (endpoint: ListEndpoint, query: CheckedQuery): Plan["ahead"] => {
  const { walk, tick, after, withoutPlanned } = endpoint.time
  return query.planned === null ||
    walk !== "windows" ||
    after === null ||
    !withoutPlanned ||
    !isToAnswer(endpoint, query, "planned")
    ? null
    : {
        from: tickOf(query.planned, tick),
        params: mergeParams([withoutPlanned, after(tickOf(query.planned, tick))]),
      }
}

/** Nothing that is planned passes a filter for what has ended, or comes from a list without any. */
const isToAnswer = (
  { time }: ListEndpoint,
  { status }: CheckedQuery,
  filter: FilterName,
): boolean =>
  filter !== "planned" ||
  (time.listsPlanned === true && status?.every((one) => isTerminal(one)) !== true)

/** The provider's filter by the start, where all that is asked for has started. */
const startsAsked = ({ start }: TimeAxis, { status }: CheckedQuery): StartBounds | null =>
  start && status !== null && status.every((one) => start.statuses.includes(one)) ? start : null

/** The provider's filter by the end, where all that is asked for has one. */
const endsAsked = ({ finish }: TimeAxis, { status }: CheckedQuery): TimeBounds | null => {
  const hasEnd = (one: ExecutionStatus) => finish?.statuses?.includes(one) ?? isTerminal(one)
  return finish?.after && status?.every(hasEnd) === true ? finish : null
}

/** The listing time below which nothing is wanted. */
const lowestListed = ({ time }: ListEndpoint, query: CheckedQuery): number | null => {
  if (time.skew === null) return null
  const bounds = [
    startsAsked(time, query)?.after || endsAsked(time, query) ? null : query.since,
    time.listsEnds === true ? query.finishedSince : null,
  ].filter((instant) => instant !== null)
  return bounds.length === 0 ? null : clampInstant(Math.max(...bounds) - time.skew)
}

/** Whether a filter is answered by the listing time, which the walk itself narrows. */
const goesByListing = (
  { time }: ListEndpoint,
  query: CheckedQuery,
  filter: FilterName,
): boolean => {
  switch (filter) {
    case "since":
      return !(startsAsked(time, query)?.after || endsAsked(time, query))
    case "until":
      return !startsAsked(time, query)?.before
    case "finishedSince":
      return time.listsEnds === true
    default:
      return false
  }
}

const answerFilter = (
  endpoint: ListEndpoint,
  query: CheckedQuery,
  filter: FilterName,
): FilterAnswer => {
  switch (filter) {
    case "since":
      return answerSince(endpoint, query, query.since ?? 0)
    case "until":
      return answerUntil(endpoint, query, query.until ?? 0)
    case "finishedSince":
      return answerFinishedSince(endpoint, query, query.finishedSince ?? 0)
    case "finishedUntil": {
      const { finish, tick } = endpoint.time
      return finish?.before ? before(finish.before, query.finishedUntil ?? 0, tick) : here
    }
    case "planned":
      return here
    default:
      return endpoint.answer(query, filter)
  }
}

const here: FilterAnswer = { by: "execlog" }

type Bound = (instant: number) => JsonObject

/** What lies in or after an instant: exactly, where a tick begins with it. */
const after = (bound: Bound, instant: number, tick: number): FilterAnswer => {
  const { isWhole, begin } = tickAt(instant, tick)
  return { by: isWhole ? "provider" : "both", sent: bound(begin) }
}

/** What lies before an instant. */
const before = (bound: Bound, instant: number, tick: number): FilterAnswer => {
  const { isWhole, begin } = tickAt(instant, tick)
  return isWhole
    ? { by: "provider", sent: bound(begin - tick) }
    : { by: "both", sent: bound(begin) }
}

const answerSince = ({ time }: ListEndpoint, query: CheckedQuery, since: number): FilterAnswer => {
  const start = startsAsked(time, query)
  if (start?.after) return after(start.after, since, time.tick)
  const finish = endsAsked(time, query)
  if (finish?.after) {
    const { begin } = tickAt(since, time.tick)
    return {
      by: "both",
      sent: finish.after(begin),
      note: "what counts in a period ended in it, or later",
    }
  }
  if (time.isSequence) {
    return time.skew === null
      ? { by: "execlog", note: "the list goes by a number and not by time: all of it is read" }
      : {
          by: "execlog",
          note: `reading stops at what was made more than ${time.skew} ms before: what waited longer than that for its start is missed`,
        }
  }
  if (time.skew === null) {
    return { by: "execlog", note: "how long before its start an item is listed is not known" }
  }
  return time.after === null
    ? { by: "execlog", note: "reading stops early, below the listing time that it implies" }
    : {
        by: "both",
        sent: time.after(tickOf(clampInstant(since - time.skew), time.tick)),
        note: `an item is taken to be listed at most ${time.skew} ms before the time it counts under`,
      }
}

const answerUntil = ({ time }: ListEndpoint, query: CheckedQuery, until: number): FilterAnswer => {
  const start = startsAsked(time, query)
  if (start?.before) return before(start.before, until, time.tick)
  if (time.isSequence) {
    return {
      by: "execlog",
      note: "the list goes by a number and not by time: it is read from its beginning",
    }
  }
  if (time.before === null) return here
  if (time.delay === null) {
    return { by: "execlog", note: "how long after its start an item is listed is not known" }
  }
  return {
    by: "both",
    sent: time.before(tickOf(clampInstant(until + time.delay), time.tick)),
    note: `an item is taken to be listed at most ${time.delay} ms after the time it counts under`,
  }
}

const answerFinishedSince = (
  { time, route }: ListEndpoint,
  query: CheckedQuery,
  finishedSince: number,
): FilterAnswer => {
  const { finish, tick } = time
  if (finish?.after) return after(finish.after, finishedSince, tick)
  if (time.listsEnds === true && time.skew !== null) {
    const sent = time.after?.(tickOf(clampInstant(finishedSince - time.skew), tick))
    const note = "what tells of an end is listed when that came, or later"
    return sent === undefined ? { by: "execlog", note } : { by: "both", sent, note }
  }
  // The period bounds what is read.
  return query.since === null
    ? {
        by: "nobody",
        note: `${route} does not go by the end: all of the history would be read.`,
        hint: "add_since",
      }
    : { by: "execlog", note: "of what began since then" }
}

/** The tick in which an instant lies, and whether it is the instant at which that begins. */
const tickAt = (
  instant: number,
  tick: number,
): { readonly begin: number; readonly isWhole: boolean } => {
  const begin = tickOf(clampInstant(instant), tick)
  return { begin, isWhole: begin === instant }
}

const sentBy = (answer: FilterAnswer): JsonObject => ("sent" in answer ? answer.sent : {})

const unsupported = (
  connection: Connection,
  message: string,
  subject: Subject,
  hint: Hint | HintCode,
): AdapterError =>
  new AdapterError({
    reason: "Unsupported",
    message,
    provider: connection.provider,
    operation: "plan",
    subject,
    hint,
  })
