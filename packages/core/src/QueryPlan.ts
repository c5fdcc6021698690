import { AdapterError } from "./AdapterError.js"
import type { Connection, JoinUse, ListEndpoint, TimeAxis } from "./Connection.js"
import type { Source } from "./ExecutionCompletion.js"
import type { FilterAnswer } from "./FilterAnswer.js"
import { type ExecutionStatus, isTerminal } from "./ExecutionStatus.js"
import { clampInstant, tickOf } from "./Instant.js"
import type { JsonObject } from "./Json.js"
import {
  type CheckedQuery,
  type FilterName,
  filterNames,
  type Include,
  invalidQuery,
  type Order,
} from "./LogQuery.js"
import { mayShift } from "./Pagination.js"
import { mergeParams } from "./Params.js"
import { planNotes } from "./PlanNotes.js"

/**
 * How a query will be answered: which endpoint, how it is walked, and for each filter who answers
 * it. Plain data; `explain` gives it.
 */
export interface QueryPlan {
  readonly provider: string
  readonly connection: string | null
  /** The endpoint's name: `"list"` or `"detail"`. */
  readonly endpoint: string
  /** The request, for a person: `GET /workflows/logs`. */
  readonly route: string
  /**
   * What its items are. Events tell what was so when the walk began, whenever they are read; an
   * execution tells what is so when it is asked for.
   */
  readonly lists: "executions" | "events"
  /** The parameters of the first request, without the key. */
  readonly params: JsonObject
  readonly order: Order
  readonly pageSize: number
  /** By time windows, where every page costs the same, or by pages alone. */
  readonly walk: "windows" | "pages"
  /** `exact`: every execution once, whatever moves. `bestEffort`: see `notes`. */
  readonly consistency: "exact" | "bestEffort"
  readonly filters: ReadonlyArray<FilterPlan>
  /** Executions of these statuses are left out, unless a query asks for their status alone. */
  readonly omits: ReadonlyArray<ExecutionStatus>
  /** No item listed before this instant (UTC) is read; null when the whole list is. */
  readonly stopsBefore: Date | null
  /** What was asked for with `include` and the list can give. */
  readonly included: ReadonlyArray<Include>
  /** What was asked for with `include` and stays absent; `get` may give it. */
  readonly absent: ReadonlyArray<Include>
  readonly notes: ReadonlyArray<string>
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
  /** Items listed after this instant are not asked for. */
  readonly highest: number | null
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
      `Leave out order, or ask for "${endpoint.orders.join('" or "')}".`,
    )
  }
  if (query.pageSize !== null && query.pageSize > endpoint.maxPageSize) {
    throw invalidQuery(
      `pageSize ${query.pageSize} is too large: ${connection.title} gives at most ${endpoint.maxPageSize} for ${endpoint.route}.`,
    )
  }
  const filters = filterNames
    .filter((filter) => query[filter] !== null)
    .map((filter) => ({ filter, answer: answerFilter(endpoint, query, filter) }))
  for (const { filter, answer } of filters) {
    if (answer.by === "nobody") {
      throw unsupported(
        connection,
        `${connection.title} cannot filter by ${filter}: ${answer.note}`,
        `Leave ${filter} out of the query.`,
      )
    }
  }
  const { time } = endpoint
  const lowest =
    query.since === null || time.skew === null || time.isSequence || time.since !== null
      ? null
      : clampInstant(query.since - time.skew)
  const highest =
    query.until === null || time.delay === null || time.isSequence || time.until !== null
      ? null
      : clampInstant(query.until + time.delay)
  const pushedDown = filters
    .filter(({ filter }) => !goesByListing(time, filter))
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
    highest,
    joins,
    source,
    answeredExactly: filters
      .filter(({ answer }) => answer.by === "provider")
      .map(({ filter }) => filter),
    evaluated: filterNames.filter(
      (filter): filter is Exclude<FilterName, "search"> =>
        query[filter] !== null && filter !== "search",
    ),
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

/** Whether a filter is answered by the listing time, which the walk itself narrows. */
const goesByListing = (time: TimeAxis, filter: FilterName): boolean =>
  (filter === "since" && time.since === null) || (filter === "until" && time.until === null)

const answerFilter = (
  endpoint: ListEndpoint,
  query: CheckedQuery,
  filter: FilterName,
): FilterAnswer => {
  const { time } = endpoint
  if (time.isSequence && (filter === "since" || filter === "until")) {
    return { by: "execlog", note: "the list goes by a number and not by time: all of it is read" }
  }
  if (filter === "since" && query.since !== null) {
    if (time.since !== null) {
      const { isWhole, begin } = tickAt(query.since, time.tick)
      return { by: isWhole ? "provider" : "both", sent: time.since(begin) }
    }
    if (time.skew === null) {
      return { by: "execlog", note: "how long before its start an item is listed is not known" }
    }
    return time.after === null
      ? { by: "execlog", note: "reading stops early, below the listing time that it implies" }
      : {
          by: "both",
          sent: time.after(tickOf(clampInstant(query.since - time.skew), time.tick)),
          note: `an item is listed after its start, give or take ${time.skew} ms`,
        }
  }
  if (filter === "until" && query.until !== null) {
    if (time.until !== null) {
      const { isWhole, begin } = tickAt(query.until, time.tick)
      return isWhole
        ? { by: "provider", sent: time.until(begin - time.tick) }
        : { by: "both", sent: time.until(begin) }
    }
    if (time.before === null) return { by: "execlog" }
    if (time.delay === null) {
      return { by: "execlog", note: "how long after its start an item is listed is not known" }
    }
    return {
      by: "both",
      sent: time.before(tickOf(clampInstant(query.until + time.delay), time.tick)),
      note: `an item is taken to be listed at most ${time.delay} ms after its start`,
    }
  }
  return endpoint.answer(query, filter)
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

const unsupported = (connection: Connection, message: string, hint: string): AdapterError =>
  new AdapterError({
    reason: "Unsupported",
    message,
    provider: connection.provider,
    operation: "plan",
    hint,
  })
