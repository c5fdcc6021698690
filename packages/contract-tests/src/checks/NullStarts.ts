import { type Execution, isTerminal, type Json, type JsonObject } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { pathText, shapeOf, valuesWithin, withValue } from "../kit/JsonPath.js"
import { heldBy } from "../kit/RequestParameters.js"
import { listFixtures } from "../kit/Subject.js"
import { type ItemServer, itemServers } from "./ItemServer.js"

/** What ended before it started is an execution like any other, under the time of its end. */
export const nullStarts: AdapterCheck = {
  promise: "returns executions that ended before they started, and finds them by their timestamp",
  appliesTo: (subject) => listFixtures(subject).length > 0,
  run: async (subject) => {
    for (const server of itemServers(subject)) {
      for (const { item, execution } of await endedItems(server)) {
        // A list that goes by the start alone holds nothing without one.
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

/** Items of different shapes that tell of executions which have started and ended, and failed best. */
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

/** The item without what tells its start; throws where none such is read. */
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
    found: `${server.route}: execution ${id} cannot be had without a start: ${found.join("; ") || `no field tells ${shown(startedAt)}`}.`,
    expected:
      "startedAt to be null where the field is null or missing, and the item to be read: Wire.maybe in the schema, and no other time in its place",
    why: "What fails, crashes or is canceled before it starts has no start, and is what people look for.",
  })
}

const holdsNot = (violation: ReturnType<Parameters<typeof holds>[1]>): never => {
  holds(false, () => violation)
  throw new Error("holds does not return")
}

/** Whether a value is this instant, as a text, in seconds or in milliseconds. */
const isInstant = (value: Json, instant: Date | null): boolean => {
  const time = instant?.getTime() ?? Number.NaN
  if (typeof value === "string") return Date.parse(value) === time
  return typeof value === "number" && (Math.abs(value * 1000 - time) < 1000 || value === time)
}

const assertTimestamp = ({ route }: ItemServer, execution: Execution): void => {
  const { id, timestamp, finishedAt, scheduledFor, listedAt } = execution
  const due = finishedAt ?? scheduledFor ?? timestamp ?? listedAt
  holds(timestamp !== null && timestamp.getTime() === due?.getTime(), () => ({
    found: `${route}: without its start, execution ${id} counts under ${shown(timestamp)}; it ended ${shown(finishedAt)}, was due ${shown(scheduledFor)}.`,
    expected: "the time of its end, else when it was due, else when it was made",
    why: "Without a time it is in no period, and no alert tells of it.",
  }))
}

/** It is found by a period that holds its timestamp, with and without its status. */
const assertFound = async (server: ItemServer, { item, execution }: Ended): Promise<void> => {
  const { timestamp, status, id } = execution
  if (timestamp === null) return
  const period = {
    since: new Date(timestamp.getTime() - 1000),
    until: new Date(timestamp.getTime() + 1000),
  }
  // What ended well has started, whatever is taken from an item here.
  const mayLackStart = status !== "succeeded" && status !== "partial"
  for (const query of [period, ...(mayLackStart ? [{ ...period, status: [status] }] : [])]) {
    const { executions } = await server.read(query, {
      items: [item],
      // Bounds on the start are passed by nothing that has none.
      filter: (items, parameters) => (boundsStart(server, parameters, period.since) ? [] : items),
    })
    holds(
      executions.some((one) => one.id === id),
      () => ({
        found: `${server.route}: execution ${id}, ${status} without a start, is not found by ${shown(query)}.`,
        expected:
          "it in the period of its timestamp; time.start.statuses must name no status that can be without a start",
        why: "Whoever asks what failed today misses what failed before it started.",
      }),
    )
  }
}

const boundsStart = ({ endpoint }: ItemServer, parameters: JsonObject, since: Date): boolean => {
  const { start } = endpoint.time
  const sent = start?.after?.(since.getTime()) ?? {}
  return Object.keys(sent).some((name) => name in parameters) || heldBy(parameters, sent)
}
