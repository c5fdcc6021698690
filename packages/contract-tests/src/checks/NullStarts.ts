import { type Execution, isTerminal, type Json, type JsonObject } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { pathText, shapeOf, valuesWithin, withValue } from "../kit/JsonPath.js"
import { heldBy } from "../kit/RequestParameters.js"
import { listFixtures } from "../kit/Subject.js"
import { type ItemServer, itemServers } from "./ItemServer.js"

/** An execution that ended before it started is returned, dated by its end. */
export const nullStarts: AdapterCheck = {
  promise: "returns executions that ended before they started, and finds them by their timestamp",
  appliesTo: (subject) => listFixtures(subject).length > 0,
  run: async (subject) => {
    for (const server of itemServers(subject)) {
      for (const { item, execution } of await endedItems(server)) {
        // A list ordered by start has no execution without one.
        if (server.endpoint.fold === null && isListedByStart(execution)) continue
        const unstarted = await withoutStart(server, item, execution)
        assertTimestamp(server, unstarted.execution)
        await assertFound(server, unstarted)
      }
    }
  },
}

const mostItems = 3

interface Ended {
  readonly item: Json
  readonly execution: Execution
}

/** Items of different shapes of ended executions with a start, preferably failed ones. */
const endedItems = async (server: ItemServer): Promise<ReadonlyArray<Ended>> => {
  const shapes = new Map<string, Ended>()
  for (const item of server.items) {
    const execution = await readOne(server, item)
    if (execution === null || execution.startedAt === null || !isTerminal(execution.status))
      continue
    const key = `${shapeOf(item)} ${execution.status}`
    if (!shapes.has(key)) shapes.set(key, { item, execution })
  }
  const isBad = ({ execution }: Ended) => (execution.status === "succeeded" ? 1 : 0)
  return [...shapes.values()].toSorted((a, b) => isBad(a) - isBad(b)).slice(0, mostItems)
}

const readOne = async (server: ItemServer, item: Json): Promise<Execution | null> =>
  (await server.read({}, { items: [item] })).executions[0] ?? null

const isListedByStart = ({ startedAt, listedAt }: Execution): boolean =>
  startedAt !== null && startedAt.getTime() === listedAt?.getTime()

/** The item without its start. Throws if the adapter cannot read it so. */
const withoutStart = async (
  server: ItemServer,
  item: Json,
  { id, startedAt }: Execution,
): Promise<Ended> => {
  const places = [...valuesWithin(item)].filter(({ value }) => isInstant(value, startedAt))
  const found: Array<string> = []
  for (const { path } of places) {
    for (const value of [null, undefined]) {
      const mutant = withValue(item, path, value)
      const { executions, rejected } = await server.read({}, { items: [mutant] })
      const [execution] = executions
      if (execution?.startedAt === null) return { item: mutant, execution }
      const how = value === undefined ? "missing" : "null"
      const came =
        execution === undefined
          ? `a rejected item: ${rejected[0]?.reason}`
          : `startedAt ${shown(execution.startedAt)}`
      found.push(`with ${pathText(path)} ${how}, ${came}`)
    }
  }
  return holdsNot({
    found: `${server.route}: execution ${id} cannot be read without a start: ${found.join("; ") || `no field contains ${shown(startedAt)}`}.`,
    expected:
      "startedAt null if the field is null or missing: Wire.maybe in the schema, and no other time instead",
    why: "Executions that fail, crash or are canceled before they start have no start, and users look for them.",
  })
}

const holdsNot = (violation: ReturnType<Parameters<typeof holds>[1]>): never => {
  holds(false, () => violation)
  throw new Error("holds does not return")
}

/** Whether a value is this instant, as text, seconds or milliseconds. */
const isInstant = (value: Json, instant: Date | null): boolean => {
  const time = instant?.getTime() ?? Number.NaN
  if (typeof value === "string") return Date.parse(value) === time
  return typeof value === "number" && (Math.abs(value * 1000 - time) < 1000 || value === time)
}

const assertTimestamp = ({ route }: ItemServer, execution: Execution): void => {
  const { id, timestamp, finishedAt, scheduledFor, listedAt } = execution
  const due = finishedAt ?? scheduledFor ?? timestamp ?? listedAt
  holds(timestamp !== null && timestamp.getTime() === due?.getTime(), () => ({
    found: `${route}: without its start, execution ${id} has the timestamp ${shown(timestamp)}, finishedAt ${shown(finishedAt)} and scheduledFor ${shown(scheduledFor)}.`,
    expected: "the end as timestamp, else the scheduled time, else the time of creation",
    why: "An execution without a timestamp is in no period and causes no alert.",
  }))
}

/** A period around its timestamp finds it, with and without its status. */
const assertFound = async (server: ItemServer, { item, execution }: Ended): Promise<void> => {
  const { timestamp, status, id } = execution
  if (timestamp === null) return
  const period = {
    since: new Date(timestamp.getTime() - 1000),
    until: new Date(timestamp.getTime() + 1000),
  }
  // A succeeded execution always has a start.
  const mayLackStart = status !== "succeeded" && status !== "partial"
  for (const query of [period, ...(mayLackStart ? [{ ...period, status: [status] }] : [])]) {
    const { executions } = await server.read(query, {
      items: [item],
      // An execution without a start matches no bound on the start.
      filter: (items, parameters) => (boundsStart(server, parameters, period.since) ? [] : items),
    })
    holds(
      executions.some((one) => one.id === id),
      () => ({
        found: `${server.route}: execution ${id}, ${status} without a start, is not found by ${shown(query)}.`,
        expected:
          "a result in the period of its timestamp; time.start.statuses must not contain a status that can be without a start",
        why: "A query for today's failures misses those that failed before they started.",
      }),
    )
  }
}

const boundsStart = ({ endpoint }: ItemServer, parameters: JsonObject, since: Date): boolean => {
  const { start } = endpoint.time
  const sent = start?.after?.(since.getTime()) ?? {}
  return Object.keys(sent).some((name) => name in parameters) || heldBy(parameters, sent)
}
