import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AdapterError } from "./AdapterError.js"
import type { Connection } from "./Connection.js"
import type { Execution } from "./Execution.js"
import type { Include, LogQuery } from "./LogQuery.js"
import type { LogPage } from "./LogPage.js"

/** What is read of a list to find single executions in it. */
export type ReadPages = (
  query: LogQuery,
  limit: number | undefined,
) => Stream.Stream<LogPage, AdapterError>

/** So many pages of the log of a workflow are read for executions that are looked for in it. */
export const mostLogPages = 10

/**
 * The id by which `get` gives an execution: its own, or the value of the attribute that its list is asked
 * by. Null where a list told none.
 */
export const idToGet = (
  { get, list }: Connection,
  execution: Pick<Execution, "id" | "attributes">,
): string | null => {
  const { id, attributes } = execution
  if (get !== null) return get.idOf === undefined ? id : get.idOf(execution)
  if (list.lookup === undefined || list.lookup === null) return id
  const value = attributes[list.lookup]
  return typeof value === "string" ? value : null
}

/** The execution that a list gives by its attribute; null where it gives none. */
export const lookUp = (
  pages: ReadPages,
  attribute: string,
  value: string,
  include: ReadonlyArray<Include>,
): Effect.Effect<Execution | null, AdapterError> =>
  pages({ attributes: { [attribute]: value }, planned: true, include }, 1).pipe(
    Stream.map(({ executions }) => executions),
    Stream.flattenIterable,
    Stream.runHead,
    Effect.map((found) => (found._tag === "Some" ? found.value : null)),
  )

/**
 * How far down, in milliseconds since 1970, the log of each workflow was read that was not read to its end:
 * what lies below is never reached, since a log only grows.
 */
export type LogReach = Map<string, number>

/** What the logs of their workflows give of executions, by id. The newest pages of each log are read. */
export const readLogs = Effect.fnUntraced(function* (
  pages: ReadPages,
  include: ReadonlyArray<Include>,
  reach: LogReach,
  executions: ReadonlyArray<Execution>,
) {
  const found = new Map<string, Execution>()
  for (const workflowId of new Set(executions.map(({ workflow }) => workflow.id))) {
    if (workflowId === null) continue
    const lowest = reach.get(workflowId) ?? Number.NEGATIVE_INFINITY
    const wanted = executions.filter(
      ({ workflow, timestamp }) =>
        workflow.id === workflowId && Number(timestamp ?? Number.POSITIVE_INFINITY) >= lowest,
    )
    const missing = new Map(wanted.map(({ id, listedAt }) => [id, listedAt]))
    if (missing.size === 0) continue
    let read = 0
    let earliest = Number.POSITIVE_INFINITY
    const query = { workflowId, include, planned: true, since: earliestOf(wanted) }
    yield* pages(query, undefined).pipe(
      Stream.take(mostLogPages),
      Stream.takeUntil((page) => {
        read += 1
        for (const execution of page.executions) {
          earliest = Math.min(earliest, Number(execution.timestamp ?? Number.POSITIVE_INFINITY))
          const listedAt = missing.get(execution.id)
          if (listedAt === undefined) continue
          missing.delete(execution.id)
          // It stands in a place of the list, not of the log.
          found.set(execution.id, { ...execution, listedAt })
        }
        return missing.size === 0
      }),
      Stream.runDrain,
    )
    if (missing.size > 0 && read === mostLogPages && Number.isFinite(earliest)) {
      reach.set(workflowId, earliest)
    }
  }
  return found
})

/** Undefined where one tells no time: it may lie anywhere. */
const earliestOf = (executions: ReadonlyArray<Execution>): Date | undefined => {
  const times = executions.map(({ timestamp }) => timestamp?.getTime() ?? Number.NaN)
  const earliest = Math.min(...times)
  return Number.isNaN(earliest) ? undefined : new Date(earliest)
}
