import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { AdapterError, type AdapterErrorFields, partOfQuery } from "./AdapterError.js"
import { type Execution, ExecutionStatus, isTerminal, Include } from "./Execution.js"
import { isCredible, parseInstant, parseSpan } from "./Instant.js"
import { describeIssue, pathOf } from "./Issue.js"
import { unknownPart } from "./OptionNames.js"
import type { FilterName } from "./QueryParts.js"
import { statusMeant } from "./StatusWords.js"

/** The listing order: newest or oldest first. */
export type Order = "newest" | "oldest"

/**
 * Which executions to list. Every part is optional and means the same for every provider. A part
 * that neither the provider nor execlog can answer fails with `Unsupported`.
 */
export interface LogQuery {
  /** Only executions of this workflow, by `workflow.id`. */
  readonly workflowId?: string | undefined
  /** Only executions of one of these statuses. */
  readonly status?: ReadonlyArray<ExecutionStatus> | undefined
  /** Only executions on behalf of this actor, by `actor.id`. */
  readonly actorId?: string | undefined
  /** Only executions with this tag. */
  readonly tag?: string | undefined
  /**
   * `since ≤ timestamp`. A string is ISO 8601, in UTC unless it names a zone, or an age such as
   * `"24h"`, which counts back from the time of the call.
   */
  readonly since?: Date | string | undefined
  /** `timestamp < until`. Same format as `since`. */
  readonly until?: Date | string | undefined
  /**
   * `finishedSince ≤ finishedAt`: executions that ended since then, whenever they began. Same
   * format as `since`.
   */
  readonly finishedSince?: Date | string | undefined
  /** `finishedAt < finishedUntil`. Same format as `since`. */
  readonly finishedUntil?: Date | string | undefined
  /** Include executions that are due later and have not started. Default: false. */
  readonly planned?: boolean | undefined
  /** Only executions whose `providerStatus` is this word. */
  readonly providerStatus?: string | undefined
  /** Only executions whose attributes have these values, compared as text. */
  readonly attributes?: { readonly [name: string]: string | number | boolean } | undefined
  /** The provider's own full-text search, if it has one. */
  readonly search?: string | undefined
  /** The listing order. Default: `"newest"`. */
  readonly order?: Order | undefined
  /** Parts to return besides the summary. It never adds a request per execution. */
  readonly include?: ReadonlyArray<Include> | undefined
  /** Items per request. Default: the provider's maximum. */
  readonly pageSize?: number | undefined
}

/** A validated query: times are milliseconds, sets are sorted, every field is present. */
export interface CheckedQuery {
  readonly workflowId: string | null
  readonly status: ReadonlyArray<ExecutionStatus> | null
  readonly actorId: string | null
  readonly tag: string | null
  readonly since: number | null
  readonly until: number | null
  readonly finishedSince: number | null
  readonly finishedUntil: number | null
  /** Omit executions that are due after this time and have not started; null includes them. */
  readonly planned: number | null
  readonly providerStatus: string | null
  /** Sorted by name; never empty. */
  readonly attributes: ReadonlyArray<readonly [name: string, value: string]> | null
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
  tag: Schema.optionalKey(Text),
  since: Schema.optionalKey(Schema.Unknown),
  until: Schema.optionalKey(Schema.Unknown),
  finishedSince: Schema.optionalKey(Schema.Unknown),
  finishedUntil: Schema.optionalKey(Schema.Unknown),
  planned: Schema.optionalKey(Schema.Boolean),
  providerStatus: Schema.optionalKey(Text),
  attributes: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])),
  ),
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
  reportInput: true,
})

/**
 * Validates a query; ages count back from `now` in milliseconds. Throws an AdapterError with the
 * reason `InvalidQuery` that names the invalid part.
 */
export const checkQuery = (query: LogQuery, now: number): CheckedQuery => {
  // Anything may be given by plain JavaScript.
  const asked: unknown = query
  if (typeof asked !== "object" || asked === null) {
    throw invalidQuery(
      `A query is an object, such as { status: ["failed"] }, not ${String(asked)}.`,
      {
        subject: { kind: "argument", name: "query" },
      },
    )
  }
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const unknown = unknownPart(query)
  if (unknown !== null) {
    throw invalidQuery(`A query has no part "${unknown.name}".`, {
      subject: partOfQuery(unknown.name),
      hint: { code: "change_name", text: unknown.hint },
    })
  }
  const decoded = decodeQuery(Object.fromEntries(given))
  if (Result.isFailure(decoded)) {
    const { issue } = decoded.failure
    const name = String(pathOf(issue)[0] ?? "")
    const hint = statusHint(query.status)
    throw invalidQuery(`The query is not valid: ${describeIssue(issue)}.`, {
      subject: name === "" ? null : partOfQuery(name),
      ...(hint === undefined ? {} : { hint: { code: "change_value", text: hint } }),
    })
  }
  const { success } = decoded
  const instant = (name: TimeFilterName) => instantOf(name, success[name], now)
  const [since, until] = rangeOf("since", instant("since"), "until", instant("until"))
  const [finishedSince, finishedUntil] = rangeOf(
    "finishedSince",
    instant("finishedSince"),
    "finishedUntil",
    instant("finishedUntil"),
  )
  const attributes = Object.entries(success.attributes ?? {})
  return {
    workflowId: success.workflowId ?? null,
    status: success.status === undefined ? null : sortedSet(success.status),
    actorId: success.actorId ?? null,
    tag: success.tag ?? null,
    since,
    until,
    finishedSince,
    finishedUntil,
    planned: success.planned === true ? null : now,
    providerStatus: success.providerStatus ?? null,
    attributes:
      attributes.length === 0
        ? null
        : attributes
            .map(([name, value]) => [name, String(value)] as const)
            .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    search: success.search ?? null,
    order: success.order ?? "newest",
    include: sortedSet(success.include ?? []),
    pageSize: success.pageSize ?? null,
  }
}

/** The status that an unknown word probably means, as a hint. */
const statusHint = (written: unknown): string | undefined => {
  if (!Array.isArray(written)) return undefined
  const hints = written.flatMap((word: unknown) => {
    const meant = typeof word === "string" && !isStatus(word) ? statusMeant(word) : null
    if (meant === null) return []
    const { status, isForeign } = meant
    const providers = isForeign ? "; for a provider's own status, use providerStatus" : ""
    return [`For ${JSON.stringify(word)} write "${status}"${providers}.`]
  })
  return hints.length === 0 ? undefined : hints.join(" ")
}

const isStatus = Schema.is(ExecutionStatus)

const sortedSet = <A extends string>(values: ReadonlyArray<A>): ReadonlyArray<A> =>
  [...new Set(values)].toSorted()

type TimeFilterName = "since" | "until" | "finishedSince" | "finishedUntil"

const rangeOf = (
  lowName: TimeFilterName,
  low: number | null,
  highName: TimeFilterName,
  high: number | null,
): readonly [number | null, number | null] => {
  if (low === null || high === null || low < high) return [low, high]
  throw invalidQuery(
    `The time range is empty: ${lowName} (${new Date(low).toISOString()}) ` +
      `is not before ${highName} (${new Date(high).toISOString()}).`,
    { subject: partOfQuery(lowName) },
  )
}

/** An instant, or an age before `now`. */
const readTime = (text: string, now: number): number | null => {
  const span = parseSpan(text)
  return span === null ? parseInstant(text, "utc") : now - span
}

const instantOf = (name: TimeFilterName, value: unknown, now: number): number | null => {
  if (value === undefined) return null
  const instant =
    typeof value === "string"
      ? readTime(value, now)
      : value instanceof Date
        ? value.getTime()
        : null
  if (instant === null || !isCredible(instant)) {
    const shown = value instanceof Date ? String(value) : JSON.stringify(value)
    throw invalidQuery(
      `${name} is not a time: ${shown}. ` +
        `Write it as ISO 8601, such as 2026-11-21T08:00:00Z, or as an age such as 24h, or give a Date.`,
      { subject: partOfQuery(name) },
    )
  }
  return instant
}

/** An `InvalidQuery` error. */
export const invalidQuery = (
  message: string,
  about: Pick<AdapterErrorFields, "subject" | "cursorFault" | "hint"> = {},
): AdapterError =>
  new AdapterError({ reason: "InvalidQuery", message, operation: "query", ...about })

/**
 * Whether an execution matches one filter of a query. A filter that is not set matches everything.
 */
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
    case "tag":
      return query.tag === null || execution.tags.includes(query.tag)
    case "since":
      return isAtOrAfter(execution.timestamp, query.since)
    case "until":
      return isBefore(execution.timestamp, query.until)
    case "finishedSince":
      return isAtOrAfter(execution.finishedAt, query.finishedSince)
    case "finishedUntil":
      return isBefore(execution.finishedAt, query.finishedUntil)
    case "planned":
      return query.planned === null || !isPlanned(execution, query.planned)
    case "providerStatus":
      return query.providerStatus === null || execution.providerStatus === query.providerStatus
    case "attributes":
      return (
        query.attributes === null ||
        query.attributes.every(([name, value]) => {
          const found = Object.hasOwn(execution.attributes, name)
            ? execution.attributes[name]
            : null
          return typeof found !== "object" && String(found) === value
        })
      )
  }
}

const isAtOrAfter = (time: Date | null, instant: number | null): boolean =>
  instant === null || (time !== null && time.getTime() >= instant)

const isBefore = (time: Date | null, instant: number | null): boolean =>
  instant === null || (time !== null && time.getTime() < instant)

/** Whether an execution is due after a time, and has neither started nor ended. */
const isPlanned = (
  { startedAt, scheduledFor, status }: Pick<Execution, "startedAt" | "scheduledFor" | "status">,
  now: number,
): boolean =>
  scheduledFor !== null && scheduledFor.getTime() > now && startedAt === null && !isTerminal(status)
