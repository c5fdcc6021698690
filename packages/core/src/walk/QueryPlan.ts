import type { Connection } from "../adapter/Connection.js"
import { mergeParams } from "../adapter/DeclaredFilters.js"
import type { FilterAnswer } from "../adapter/FilterAnswer.js"
import { mayShift } from "../adapter/Pagination.js"
import type { ExecutionStatus, Include } from "../model/Execution.js"
import { tickOf } from "../model/Instant.js"
import type { JsonObject } from "../model/Json.js"
import type { Order } from "../model/LogQuery.js"
import type { FilterName } from "../model/QueryParts.js"
import { filterParams, type Plan, sentBy } from "./Plan.js"
import { type PlanNote, planNotes } from "./PlanNotes.js"

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
   * The kind of its items. Events reflect the time when the walk began, whenever they are read; an
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

/** A plan as plain data for people and programs. */
export const explainPlan = (connection: Connection, plan: Plan): QueryPlan => {
  const { query, endpoint, source, lowest, highest, answers, included, joins } = plan
  const { time } = endpoint
  const absent = query.include.filter((part) => !included.includes(part))
  // Numbered pages cannot always overlap; in windows they need not.
  const consistency =
    time.walk === "pages" && mayShift(endpoint.pagination) ? "bestEffort" : "exact"
  return {
    provider: source.provider,
    connection: source.name,
    endpoint: endpoint.name,
    route: endpoint.route,
    lists: endpoint.fold === null ? "executions" : "events",
    listedBy: time.isSequence ? "number" : "time",
    params: mergeParams([
      ...filterParams(plan, []),
      highest !== null && time.before !== null ? time.before(tickOf(highest, time.tick)) : {},
    ]),
    order: query.order,
    pageSize: plan.pageSize,
    walk: time.walk,
    consistency,
    filters: answers.map(({ filter, answer }) => ({
      filter,
      answer: answer.by,
      sent: sentBy(answer),
      note: "note" in answer ? (answer.note ?? null) : null,
    })),
    omits: query.status === null ? (endpoint.omits?.statuses ?? []) : [],
    stopsBefore: lowest === null || query.order === "oldest" ? null : new Date(lowest),
    included,
    absent,
    notes: planNotes({ connection, endpoint, query, joins, absent, consistency }),
  }
}
