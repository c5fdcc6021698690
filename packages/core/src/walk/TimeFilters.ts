import type { ListEndpoint } from "../adapter/Connection.js"
import type { FilterAnswer } from "../adapter/FilterAnswer.js"
import type { StartBounds, TimeAxis, TimeBounds } from "../adapter/TimeAxis.js"
import { durationText } from "../model/DurationText.js"
import { type ExecutionStatus, isTerminal } from "../model/Execution.js"
import { clampInstant, tickOf } from "../model/Instant.js"
import type { JsonObject } from "../model/Json.js"
import type { CheckedQuery } from "../model/LogQuery.js"
import type { FilterName } from "../model/QueryParts.js"

// Who applies the filters of time. It follows from the time by which an endpoint lists.

/** Whether a filter has an effect. `planned` has none on lists and statuses without planned executions. */
export const isToAnswer = (
  { time }: ListEndpoint,
  { status }: CheckedQuery,
  filter: FilterName,
): boolean =>
  filter !== "planned" ||
  (time.listsPlanned === true && status?.every((one) => isTerminal(one)) !== true)

/** The provider's filter by the start, if every execution that matches has started. */
const startsAsked = ({ start }: TimeAxis, { status }: CheckedQuery): StartBounds | null =>
  start && status !== null && status.every((one) => start.statuses.includes(one)) ? start : null

/** The provider's filter by the end, if every execution that matches has one. */
const endsAsked = ({ finish }: TimeAxis, { status }: CheckedQuery): TimeBounds | null => {
  const hasEnd = (one: ExecutionStatus) => finish?.statuses?.includes(one) ?? isTerminal(one)
  return finish?.after && status?.every(hasEnd) === true ? finish : null
}

/** The part of a list that can contain what a query asks for. */
export interface ListingBounds {
  /** Items listed before this time are not read. */
  readonly lowest: number | null
  /** In a list ordered by numbers: reading stops at an item that was created before this time. */
  readonly lowestCreated: number | null
  /** Items listed after this time are not requested. */
  readonly highest: number | null
}

/** The part of the list that is read for a query. */
export const listingBounds = (endpoint: ListEndpoint, query: CheckedQuery): ListingBounds => {
  const { time } = endpoint
  if (time.isSequence) {
    const { since } = query
    const lowestCreated = since !== null && time.skew !== null ? since - time.skew : null
    return { lowest: null, lowestCreated, highest: null }
  }
  return {
    lowest: lowestListed(endpoint, query),
    lowestCreated: null,
    highest: highestListed(endpoint, query),
  }
}

/** The listing time below which nothing matches. */
const lowestListed = ({ time }: ListEndpoint, query: CheckedQuery): number | null => {
  if (time.skew === null) return null
  const bounds = [
    startsAsked(time, query)?.after || endsAsked(time, query) ? null : query.since,
    time.listsEnds === true ? query.finishedSince : null,
  ].filter((instant) => instant !== null)
  return bounds.length === 0 ? null : clampInstant(Math.max(...bounds) - time.skew)
}

/** The listing time above which nothing matches. */
const highestListed = ({ time }: ListEndpoint, query: CheckedQuery): number | null =>
  query.until === null || time.delay === null || startsAsked(time, query)?.before
    ? null
    : clampInstant(query.until + time.delay)

/** Whether a filter is sent as a bound of listing time, which the walk moves. */
export const goesByListing = (
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

/** Who applies a filter, and how. */
export const answerFilter = (
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

/** Selects times at or after an instant: exact if the instant is the beginning of a tick. */
const after = (bound: Bound, instant: number, tick: number): FilterAnswer => {
  const { isWhole, begin } = tickAt(instant, tick)
  return { by: isWhole ? "provider" : "both", sent: bound(begin) }
}

/** Selects times before an instant: exact if the instant is the beginning of a tick. */
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
      note: "an execution that started since then also ended since then",
    }
  }
  if (time.isSequence) {
    return time.skew === null
      ? { by: "execlog", note: "the list is sorted by number and not by time: all of it is read" }
      : {
          by: "execlog",
          note: `reading stops at executions created more than ${durationText(time.skew)} earlier: those that waited longer to start are missed`,
        }
  }
  if (time.skew === null) {
    return { by: "execlog", note: "how long before its start an execution is listed is unknown" }
  }
  return time.after === null
    ? { by: "execlog", note: "reading stops early, below the matching listing time" }
    : {
        by: "both",
        sent: time.after(tickOf(clampInstant(since - time.skew), time.tick)),
        note: `assumes that an execution is listed at most ${durationText(time.skew)} before its timestamp`,
      }
}

const answerUntil = ({ time }: ListEndpoint, query: CheckedQuery, until: number): FilterAnswer => {
  const start = startsAsked(time, query)
  if (start?.before) return before(start.before, until, time.tick)
  if (time.isSequence) {
    return {
      by: "execlog",
      note: "the list is sorted by number and not by time: it is read from its beginning",
    }
  }
  if (time.before === null) return here
  if (time.delay === null) {
    return { by: "execlog", note: "how long after its start an execution is listed is unknown" }
  }
  return {
    by: "both",
    sent: time.before(tickOf(clampInstant(until + time.delay), time.tick)),
    note: `assumes that an execution is listed at most ${durationText(time.delay)} after its timestamp`,
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
    const note = "the provider lists an end when it happens or later"
    return sent === undefined ? { by: "execlog", note } : { by: "both", sent, note }
  }
  // Without `since`, nothing bounds what is read.
  return query.since === null
    ? {
        by: "nobody",
        note: `${route} cannot filter by the end, so the whole history would be read.`,
        hint: "add_since",
      }
    : { by: "execlog", note: "among executions that began since then" }
}

/** The beginning of the tick that a time lies in, and whether the time is that beginning. */
const tickAt = (
  instant: number,
  tick: number,
): { readonly begin: number; readonly isWhole: boolean } => {
  const begin = tickOf(clampInstant(instant), tick)
  return { begin, isWhole: begin === instant }
}
