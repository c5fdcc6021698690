import type { Execution, LogQuery } from "@execlog/core"
import { isDeepStrictEqual } from "node:util"
import { passes } from "../InMemoryFilter.js"
import type { LiveReading } from "./LiveReading.js"

/** How an answer differs from what filtering everything in memory gives. */
export interface LiveDifference {
  /** They passed before and after, and were not given. */
  readonly missing: ReadonlyArray<Execution>
  /** They were given, and do not pass as they are told. */
  readonly excluded: ReadonlyArray<Execution>
  /** They were given, and passed neither before nor after, or nobody else knows of them. */
  readonly added: ReadonlyArray<Execution>
  /** They stood still, and were told in another way. */
  readonly retold: ReadonlyArray<Execution>
}

/**
 * Compares an answer with the unfiltered log, read before and after it. A log lives: executions
 * begin, end and are deleted meanwhile. So only what stood still between the two readings must be
 * given, and what either of them would let pass may be.
 */
export const compareLive = (
  query: LogQuery,
  answer: LiveReading,
  before: LiveReading,
  after: LiveReading,
): LiveDifference => {
  const earlier = byId(before)
  const later = byId(after)
  const given = byId(answer)
  const isPassing = (execution: Execution | undefined) =>
    execution !== undefined && passes(execution, query)
  const stood = before.executions.filter(({ id }) => later.has(id))
  const due = within(stood, answer).filter(
    (execution) => isPassing(execution) && isPassing(later.get(execution.id)),
  )
  const isStill = before.isWhole && isDeepStrictEqual(before.executions, after.executions)
  return {
    missing: due.filter(({ id }) => !given.has(id)),
    excluded: answer.executions.filter((execution) => !passes(execution, query)),
    added: answer.executions.filter(({ id }) =>
      earlier.has(id) || later.has(id)
        ? !isPassing(earlier.get(id)) && !isPassing(later.get(id))
        : isStill,
    ),
    retold: answer.executions.filter((execution) => {
      const [first, last] = [earlier.get(execution.id), later.get(execution.id)]
      return (
        first !== undefined &&
        isDeepStrictEqual(first, last) &&
        !isDeepStrictEqual(first, execution)
      )
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
