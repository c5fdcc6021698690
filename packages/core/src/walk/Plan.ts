import type { Connection, JoinUse, ListEndpoint } from "../adapter/Connection.js"
import { mergeParams } from "../adapter/DeclaredFilters.js"
import type { FilterAnswer } from "../adapter/FilterAnswer.js"
import { AdapterError, type Hint, type HintCode, partOfQuery } from "../model/AdapterError.js"
import { type ExecutionStatus, type Include, isTerminal } from "../model/Execution.js"
import { tickOf } from "../model/Instant.js"
import type { JsonObject } from "../model/Json.js"
import { type CheckedQuery, invalidQuery } from "../model/LogQuery.js"
import type { Redact } from "../model/Masking.js"
import { type FilterName, filterNames, filterSubjects } from "../model/QueryParts.js"
import {
  answerFilter,
  goesByListing,
  isToAnswer,
  type ListingBounds,
  listingBounds,
} from "./TimeFilters.js"

/** Where executions come from. */
export interface Source {
  readonly provider: string
  /** The connection's name; null if it has none. */
  readonly name: string | null
  /** The provider's words for a status. */
  readonly statuses: { readonly [word: string]: ExecutionStatus }
  /** Selects values to mask; null for none. */
  readonly redact: Redact | null
}

/** A filter of a query, and who applies it. */
interface AnsweredFilter {
  readonly filter: FilterName
  readonly answer: FilterAnswer
}

/** A filter that is sent to the provider, and its parameters. */
interface PushedDown {
  readonly filter: FilterName
  readonly sent: JsonObject
}

/** How a query is read. `explain` shows it as a `QueryPlan`. */
export interface Plan extends ListingBounds {
  readonly query: CheckedQuery
  readonly endpoint: ListEndpoint
  readonly answers: ReadonlyArray<AnsweredFilter>
  /** The filters that are sent as parameters of their own; the listing time is bounded by the walk. */
  readonly pushedDown: ReadonlyArray<PushedDown>
  readonly pageSize: number
  /**
   * After this listing time, only what is not planned is requested, with these parameters; null if
   * everything is requested.
   */
  readonly ahead: { readonly from: number; readonly params: JsonObject } | null
  /** The ids that each request must name; empty until they were requested. */
  readonly within: ReadonlyArray<string>
  /** The requests to other endpoints for each page. */
  readonly joins: ReadonlyArray<JoinUse>
  /** Where its executions come from. */
  readonly source: Source
  /** The parts of `include` that the list returns. */
  readonly included: ReadonlyArray<Include>
  /** The filters that the adapter says the provider applies exactly. */
  readonly answeredExactly: ReadonlyArray<FilterName>
  /** The filters that execlog applies as well, even if the provider does. */
  readonly evaluated: ReadonlyArray<Exclude<FilterName, "search">>
  /** The list contains events of unfinished executions, so earlier events of a given one may follow. */
  readonly listsOpenEvents: boolean
  /** Whether the provider's total counts what the query matches. */
  readonly totalIsExact: boolean
  /** Whether nothing can match, according to the settings, or without any ids to request it by. */
  readonly isEmpty: boolean
}

/** Plans a query. Throws `Unsupported` or `InvalidQuery`, naming the part. */
export const planQuery = (connection: Connection, source: Source, query: CheckedQuery): Plan => {
  const endpoint = chooseEndpoint(connection, query)
  checkOrder(connection, endpoint, query)
  checkPageSize(connection, endpoint, query)
  const answers = answerFilters(connection, endpoint, query)
  const isExact = ({ answer }: AnsweredFilter) => answer.by === "provider"
  return {
    query,
    endpoint,
    source,
    answers,
    ...listingBounds(endpoint, query),
    pushedDown: answers
      .filter(({ filter }) => !goesByListing(endpoint, query, filter))
      .map(({ filter, answer }) => ({ filter, sent: sentBy(answer) })),
    pageSize: query.pageSize ?? endpoint.maxPageSize,
    ahead: aheadOf(endpoint, query),
    within: [],
    joins: endpoint.joins.filter(({ when }) => when(query)),
    included: query.include.filter((part) => part === "raw" || endpoint.gives.includes(part)),
    answeredExactly: answers.filter(isExact).map(({ filter }) => filter),
    evaluated: answers.map(({ filter }) => filter).filter((filter) => filter !== "search"),
    listsOpenEvents: !(
      query.status?.every(isTerminal) === true &&
      answers.some((one) => one.filter === "status" && isExact(one))
    ),
    totalIsExact: endpoint.fold === null && answers.every(isExact),
    isEmpty: answers.some(({ answer }) => answer.by === "settings" && !answer.passes),
  }
}

const chooseEndpoint = ({ list, detail }: Connection, query: CheckedQuery): ListEndpoint =>
  detail !== null && detail.when(query) ? detail : list

const checkOrder = (
  connection: Connection,
  { orders, route }: ListEndpoint,
  { order }: CheckedQuery,
): void => {
  if (orders.includes(order)) return
  throw unsupported(
    connection,
    `${connection.title} cannot list the ${order} first here: ${route} lists the ${orders.join(" or the ")} first.`,
    "order",
    { code: "change_value", text: `Leave it out, or use "${orders.join('" or "')}".` },
  )
}

const checkPageSize = (
  { title }: Connection,
  { maxPageSize, route }: ListEndpoint,
  { pageSize }: CheckedQuery,
): void => {
  if (pageSize === null || pageSize <= maxPageSize) return
  throw invalidQuery(
    `A page of ${pageSize} is too large: ${title} returns at most ${maxPageSize} for ${route}.`,
    {
      subject: partOfQuery("pageSize"),
      hint: {
        code: "reduce_value",
        text: `Use a pageSize of ${maxPageSize} or less.`,
        maximum: maxPageSize,
      },
    },
  )
}

const answerFilters = (
  connection: Connection,
  endpoint: ListEndpoint,
  query: CheckedQuery,
): ReadonlyArray<AnsweredFilter> =>
  filterNames
    .filter((filter) => query[filter] !== null && isToAnswer(endpoint, query, filter))
    .map((filter) => {
      const answer = answerFilter(endpoint, query, filter)
      if (answer.by !== "nobody") return { filter, answer }
      throw unsupported(
        connection,
        `${connection.title} cannot filter by ${filterSubjects[filter]}: ${answer.note}`,
        filter,
        answer.hint ?? "omit",
      )
    })

const unsupported = (
  { provider }: Connection,
  message: string,
  part: string,
  hint: Hint | HintCode,
): AdapterError =>
  new AdapterError({
    reason: "Unsupported",
    message,
    provider,
    operation: "plan",
    subject: partOfQuery(part),
    hint,
  })

/** The parameters that send a filter to the provider. */
export const sentBy = (answer: FilterAnswer): JsonObject => ("sent" in answer ? answer.sent : {})

/** Future listing times are mostly planned executions; windows after now exclude them. */
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

/** Whether the oldest come first, so that listing times rise. */
export const goesUp = ({ query }: Pick<Plan, "query">): boolean => query.order === "oldest"

/** The listing time up to which the list is requested; null if it is requested without an end. */
export const highestTick = ({
  highest,
  endpoint: { time },
}: Pick<Plan, "highest" | "endpoint">): number | null =>
  highest === null || time.before === null ? null : tickOf(highest, time.tick)

/** The listing time at which reading ends; null if the query sets none. */
export const furthestTick = (plan: Plan): number | null => {
  const end = goesUp(plan) ? plan.highest : plan.lowest
  return end === null ? null : tickOf(end, plan.endpoint.time.tick)
}

/** The plan that ends at a listing time: a higher lower end, or a lower upper end if the oldest come first. */
export const narrowPlan = (plan: Plan, end: number): Plan =>
  goesUp(plan) ? { ...plan, highest: end } : { ...plan, lowest: end }

/** The parameters for filters in every request, but for filters that the server ignores. */
export const filterParams = (
  { endpoint: { time }, lowest, pushedDown }: Pick<Plan, "endpoint" | "lowest" | "pushedDown">,
  ignored: ReadonlyArray<FilterName>,
): ReadonlyArray<JsonObject> => [
  ...pushedDown.filter(({ filter }) => !ignored.includes(filter)).map(({ sent }) => sent),
  lowest !== null && time.after !== null && !ignored.includes("since")
    ? time.after(tickOf(lowest, time.tick))
    : {},
]

/** The query without the parts of `include`, but for `raw`, which every list returns. */
export const queryWithoutParts = (query: CheckedQuery): CheckedQuery => ({
  ...query,
  include: query.include.filter((part) => part === "raw"),
})
