import type { Execution, ExecutionStatus, LogQuery } from "@execlog/core"
import { isDeepStrictEqual } from "node:util"
import { passes } from "../kit/InMemoryFilter.js"
import type { LiveReading } from "./LiveReading.js"

/** How an answer differs from what filtering everything in memory gives. */
export interface LiveDifference {
  /** They passed before and after, and were not given. */
  readonly missing: ReadonlyArray<Execution>
  /** They were given, and do not pass as they are told. */
  readonly excluded: ReadonlyArray<Execution>
  /** They were given, and do not pass as they stood still, or a log that stood still lacks them. */
  readonly added: ReadonlyArray<Execution>
  /** They stood still, and were told in another way. */
  readonly retold: ReadonlyArray<Execution>
}

/**
 * Compares an answer with the unfiltered log, read before and after it. A log lives: executions
 * begin, end and are deleted meanwhile. So only what passes in both readings must be given, and only
 * what did not change between them must not. What the unfiltered log is declared to leave out it need
 * not hold.
 */
export const compareLive = (
  query: LogQuery,
  answer: LiveReading,
  before: LiveReading,
  after: LiveReading,
  omitted: ReadonlyArray<ExecutionStatus> = [],
): LiveDifference => {
  const earlier = byId(before)
  const later = byId(after)
  const given = byId(answer)
  const now = Date.now()
  const isPassing = (execution: Execution | undefined) =>
    execution !== undefined && passes(execution, query, now)
  const stood = before.executions.filter(({ id }) => later.has(id))
  const due = within(stood, answer).filter(
    (execution) => isPassing(execution) && isPassing(later.get(execution.id)),
  )
  const isStill = before.isWhole && isDeepStrictEqual(before.executions, after.executions)
  // What began, or went on, between the two may have been anything in between.
  const unchanged = (id: string) => {
    const [first, last] = [earlier.get(id), later.get(id)]
    return first !== undefined && isDeepStrictEqual(first, last) ? first : null
  }
  const mayBeGiven = ({ id, status }: Execution) =>
    earlier.has(id) || later.has(id) || omitted.includes(status)
  return {
    missing: due.filter(({ id }) => !given.has(id)),
    excluded: answer.executions.filter((execution) => !passes(execution, query, now)),
    added: answer.executions.filter((execution) => {
      const still = unchanged(execution.id)
      return still === null ? isStill && !mayBeGiven(execution) : !passes(still, query, now)
    }),
    retold: answer.executions.filter((execution) => {
      const still = unchanged(execution.id)
      return still !== null && !isDeepStrictEqual(still, execution)
    }),
  }
}

const byId = ({ executions }: LiveReading): ReadonlyMap<string, Execution> =>
  new Map(executions.map((execution) => [execution.id, execution]))

/** Of what stood still, as far as an answer was read, which may have ended before it. */
const within = (stood: ReadonlyArray<Execution>, answer: LiveReading): ReadonlyArray<Execution> => {
  if (answer.isWhole) return stood
  const last = stood.findLastIndex(({ id }) =>
    answer.executions.some((execution) => execution.id === id),
  )
  const isBeyond = answer.executions.some(
    ({ listedAt }) => listedAt !== null && isBehind(listedAt, stood.at(-1)?.listedAt ?? null),
  )
  return isBeyond ? stood : stood.slice(0, last + 1)
}

const isBehind = (one: Date, other: Date | null): boolean => other !== null && one < other
