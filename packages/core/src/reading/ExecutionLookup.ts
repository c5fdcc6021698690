import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Connection } from "../adapter/Connection.js"
import type { AdapterError, Hint } from "../model/AdapterError.js"
import { guarded } from "../model/DecodeFault.js"
import type { Execution, Include } from "../model/Execution.js"
import type { LogPage } from "../model/LogPage.js"
import type { LogQuery } from "../model/LogQuery.js"
import type { Requests } from "../transport/Requests.js"
import { mostLogPages } from "../walk/PlanNotes.js"
import type { AskOne } from "./Details.js"

/** Reads pages of a list, to find single executions in it. */
type ReadPages = (
  query: LogQuery,
  limit: number | undefined,
) => Stream.Stream<LogPage, AdapterError>

/**
 * The id to pass to `get` for an execution: its own, or the value of the attribute that its list can
 * be filtered by. Null if the list contains none.
 */
export const idToGet = (
  { get, list }: Connection,
  execution: Pick<Execution, "id" | "attributes">,
): string | null => {
  const { id, attributes } = execution
  if (get !== null) {
    if (get.idOf === undefined) return id
    const mapped = guarded(get.idOf, execution)
    return typeof mapped === "string" ? mapped : null
  }
  if (list.lookup === undefined || list.lookup === null) return id
  const value = attributes[list.lookup]
  return typeof value === "string" ? value : null
}

/** How single executions are read, and completed, if no endpoint returns one by its id. */
export interface Lookup {
  /** Finds one by the attribute that the list can be filtered by; null if there is none. */
  readonly find:
    | ((value: string, include: ReadonlyArray<Include>) => Effect.Effect<Execution, AdapterError>)
    | null
  /** The parts that only the log of a workflow returns. */
  readonly logParts: ReadonlyArray<Include>
  /** Finds executions in those logs; null if they add no parts. */
  readonly detailsOf: ((executions: ReadonlyArray<Execution>) => Effect.Effect<AskOne>) | null
}

/** The lookup of a connection. `pages` reads its lists. */
export const makeLookup = (
  { title, get, list, detail }: Connection,
  { fail }: Pick<Requests, "fail">,
  pages: ReadPages,
): Lookup => {
  const { lookup = null } = list
  if (get !== null) return { find: null, logParts: [], detailsOf: null }
  const notFound = (message: string, hint: Hint | null = null): AdapterError =>
    fail({ reason: "NotFound", message, operation: "get", hint })
  const logParts = (detail?.gives ?? []).filter((part) => part !== "raw")
  const reach: LogReach = new Map()
  const find = Effect.fnUntraced(function* (
    attribute: string,
    value: string,
    include: ReadonlyArray<Include>,
  ) {
    const found = yield* lookUp(pages, attribute, value, include)
    if (found !== null) return found
    return yield* notFound(`${title} has no execution whose ${attribute} is ${value}.`, {
      code: "check_id",
      text: `The ${attribute} is one of the execution's attributes, and not its id.`,
    })
  })
  const detailsOf = Effect.fnUntraced(function* (executions: ReadonlyArray<Execution>) {
    const logs = yield* Effect.result(readLogs(pages, logParts, reach, executions))
    const ask: AskOne = (id) => {
      if (logs._tag === "Failure") return Effect.fail(logs.failure)
      const found = logs.success.get(id)
      const missing = `The newest pages of its workflow's log do not contain the execution ${id}.`
      return found === undefined ? Effect.fail(notFound(missing)) : Effect.succeed(found)
    }
    return ask
  })
  return {
    find: lookup === null ? null : (value, include) => find(lookup, value, include),
    logParts,
    detailsOf: logParts.length === 0 ? null : detailsOf,
  }
}

/** The execution with this value of an attribute; null if the list contains none. */
const lookUp = (
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
 * How far down the log of each workflow was read, in milliseconds since 1970, if not to its end. A log
 * only grows, so what lies below is never reached.
 */
type LogReach = Map<string, number>

/** Executions as the logs of their workflows return them, by id. Reads the newest pages of each log. */
const readLogs = Effect.fnUntraced(function* (
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
          // Its listing time is that in the list.
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

/** The earliest time of executions; undefined if one has none, since it may be anywhere. */
const earliestOf = (executions: ReadonlyArray<Execution>): Date | undefined => {
  const times = executions.map(({ timestamp }) => timestamp?.getTime() ?? Number.NaN)
  const earliest = Math.min(...times)
  return Number.isNaN(earliest) ? undefined : new Date(earliest)
}
