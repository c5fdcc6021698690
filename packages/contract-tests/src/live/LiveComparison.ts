import { isDeepStrictEqual } from "node:util"
import type { Execution, ExecutionStatus, LogQuery } from "@execlog/core"
import { passes } from "../kit/InMemoryFilter.js"
import type { LiveReading } from "./LiveReading.js"

/** How a result differs from filtering everything in memory. */
export interface LiveDifference {
  /** Executions that matched before and after, but were not returned. */
  readonly missing: ReadonlyArray<Execution>
  /** Returned executions that do not match. */
  readonly excluded: ReadonlyArray<Execution>
  /** Returned executions that do not match in the unchanged log, or are missing from it. */
  readonly added: ReadonlyArray<Execution>
  /** Unchanged executions that were returned differently. */
  readonly retold: ReadonlyArray<Execution>
}

/**
 * Compares a result with the unfiltered log, read before and after it. Executions start, end and are
 * deleted in the meantime, so only those that match in both readings must be returned, and only unchanged
 * ones must not. The unfiltered log may lack what it is declared to omit.
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
  // An execution that changed between the readings may have had any state.
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

/** The unchanged executions within the range of the result, which may end early. */
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
