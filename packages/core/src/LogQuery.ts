import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { AdapterError } from "./AdapterError.js"
import { describeIssue } from "./Decoded.js"
import type { Execution } from "./Execution.js"
import { ExecutionStatus } from "./ExecutionStatus.js"
import { isCredible, parseInstant } from "./Instant.js"

/** What a list may give beside the summary of each execution. */
export const Include = Schema.Literals(["steps", "inputs", "outputs", "raw"])

/** One of the words of {@link Include}. */
export type Include = typeof Include.Type

/** Which end of the listing comes first. */
export type Order = "newest" | "oldest"

/**
 * Which executions to list. Every part means the same for every provider; what neither the provider
 * nor execlog can answer fails with `Unsupported`.
 */
export interface LogQuery {
  /** Only executions of this workflow, by `workflow.id`. */
  readonly workflowId?: string | undefined
  /** Only executions of one of these statuses. */
  readonly status?: ReadonlyArray<ExecutionStatus> | undefined
  /** Only executions on behalf of this actor, by `actor.id`. */
  readonly actorId?: string | undefined
  /** `since ≤ startedAt`. A text is ISO 8601, in UTC where it has no zone. */
  readonly since?: Date | string | undefined
  /** `startedAt < until`. A text is ISO 8601, in UTC where it has no zone. */
  readonly until?: Date | string | undefined
  /** The provider's own full-text search, where it has one. */
  readonly search?: string | undefined
  /** The provider's listing direction; `"newest"` is the default. */
  readonly order?: Order | undefined
  /** What to give beside the summary. It never costs a request for each execution. */
  readonly include?: ReadonlyArray<Include> | undefined
  /** How many items to ask for in one request; the provider's maximum is the default. */
  readonly pageSize?: number | undefined
}

/** The filters of a query: the parts that decide whether an execution is given. */
export const filterNames = ["workflowId", "status", "actorId", "since", "until", "search"] as const

/** One of {@link filterNames}. */
export type FilterName = (typeof filterNames)[number]

/** A query that was checked: instants are milliseconds, sets are sorted, nothing is left out. */
export interface CheckedQuery {
  readonly workflowId: string | null
  readonly status: ReadonlyArray<ExecutionStatus> | null
  readonly actorId: string | null
  readonly since: number | null
  readonly until: number | null
  readonly search: string | null
  readonly order: Order
  readonly include: ReadonlyArray<Include>
  readonly pageSize: number | null
}

const notEmpty = { message: "must not be empty" }
const Text = Schema.String.check(Schema.isNonEmpty(notEmpty))

const Query = Schema.Struct({
  workflowId: Schema.optionalKey(Text),
  status: Schema.optionalKey(Schema.Array(ExecutionStatus).check(Schema.isMinLength(1, notEmpty))),
  actorId: Schema.optionalKey(Text),
  since: Schema.optionalKey(Schema.Unknown),
  until: Schema.optionalKey(Schema.Unknown),
  search: Schema.optionalKey(Text),
  order: Schema.optionalKey(Schema.Literals(["newest", "oldest"])),
  include: Schema.optionalKey(Schema.Array(Include)),
  pageSize: Schema.optionalKey(
    Schema.Number.check(
      Schema.makeFilter((size) => Number.isSafeInteger(size) && size >= 1, {
        expected: "a whole number of at least 1",
      }),
    ),
  ),
})

const decodeQuery = Schema.decodeUnknownResult(Query, {
  errors: "all",
  onExcessProperty: "error",
  reportInput: true,
})

/** Checks a query. Throws an AdapterError with the reason `InvalidQuery` that names the part. */
export const checkQuery = (query: LogQuery): CheckedQuery => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const decoded = decodeQuery(Object.fromEntries(given))
  if (Result.isFailure(decoded)) {
    throw invalidQuery(`The query is not valid: ${describeIssue(decoded.failure.issue)}.`)
  }
  const { success } = decoded
  const since = instantOf("since", success.since)
  const until = instantOf("until", success.until)
  if (since !== null && until !== null && since >= until) {
    throw invalidQuery(
      `The time range is empty: since (${new Date(since).toISOString()}) ` +
        `is not before until (${new Date(until).toISOString()}).`,
    )
  }
  return {
    workflowId: success.workflowId ?? null,
    status: success.status === undefined ? null : sortedSet(success.status),
    actorId: success.actorId ?? null,
    since,
    until,
    search: success.search ?? null,
    order: success.order ?? "newest",
    include: sortedSet(success.include ?? []),
    pageSize: success.pageSize ?? null,
  }
}

const sortedSet = <A extends string>(values: ReadonlyArray<A>): ReadonlyArray<A> =>
  [...new Set(values)].toSorted()

const instantOf = (name: FilterName, value: unknown): number | null => {
  if (value === undefined) return null
  const instant =
    typeof value === "string"
      ? parseInstant(value, "utc")
      : value instanceof Date
        ? value.getTime()
        : null
  if (instant === null || !isCredible(instant)) {
    const shown = value instanceof Date ? String(value) : JSON.stringify(value)
    throw invalidQuery(
      `${name} is not a time: ${shown}. ` +
        `Write it as ISO 8601, such as 2026-11-21T08:00:00Z, or give a Date.`,
    )
  }
  return instant
}

/** An `InvalidQuery` error. */
export const invalidQuery = (message: string, hint?: string): AdapterError =>
  new AdapterError({
    reason: "InvalidQuery",
    message,
    operation: "query",
    ...(hint === undefined ? {} : { hint }),
  })

/** Whether an execution passes one filter of a query. A filter that is not set passes all. */
export const passesFilter = (
  execution: Execution,
  query: CheckedQuery,
  filter: Exclude<FilterName, "search">,
): boolean => {
  switch (filter) {
    case "workflowId":
      return query.workflowId === null || execution.workflow.id === query.workflowId
    case "status":
      return query.status === null || query.status.includes(execution.status)
    case "actorId":
      return query.actorId === null || execution.actor?.id === query.actorId
    case "since":
      return (
        query.since === null ||
        (execution.startedAt !== null && execution.startedAt.getTime() >= query.since)
      )
    case "until":
      return (
        query.until === null ||
        (execution.startedAt !== null && execution.startedAt.getTime() < query.until)
      )
  }
}
