import type { Connection, Json } from "@execlog/core"
import { isDeepStrictEqual } from "node:util"
import type { FixtureCheck } from "../kit/Check.js"
import { ContractViolation, holds } from "../kit/ContractViolation.js"
import { differenceOf } from "../kit/Difference.js"
import { isRefusal } from "../kit/Fixture.js"
import { frozen } from "../kit/JsonPath.js"
import { samplesOf } from "../kit/Samples.js"
import { countingReadings, type Readings } from "../kit/StandingClock.js"

/** Mapping is a function of the item alone. */
export const mappingPurity: FixtureCheck = {
  promise: "maps an item the same each time, without changing it or using the clock or chance",
  appliesTo: (_subject, fixture) => !isRefusal(fixture),
  run: async (subject, fixture) => {
    const { items, read } = samplesOf(subject, fixture)
    let readings: Readings = { clock: 0, chance: 0 }
    const watched = watching(subject.connection(fixture), (more) => {
      readings = { clock: readings.clock + more.clock, chance: readings.chance + more.chance }
    })
    // Frozen items are safe from changes, and a mapping that tries is seen to throw.
    const given: ReadonlyArray<Json> = items.map(frozen)
    const first = await read(given, watched).catch((cause: unknown) =>
      nameChange(fixture.name, cause),
    )
    const second = await read(given, watched)
    holds(readings.clock === 0 && readings.chance === 0, () => ({
      found: `${fixture.name}.json: mapping read the clock ${readings.clock} times and asked chance ${readings.chance} times.`,
      expected: "neither: a time that the provider does not tell is null",
      why: "Times that nobody recorded look as true as those that somebody did.",
    }))
    holds(isDeepStrictEqual(first, second), () => ({
      found: `${fixture.name}.json: the same items were mapped twice, and the second time ${differenceOf(second, first)}.`,
      expected: "the same executions: mapping keeps nothing from one item to the next",
      why: "A store that reads an execution twice would see a change that never was.",
    }))
  },
}

const refusedWrite = /read only|not extensible|Cannot (?:add|delete|define|assign)/

/** A mapping that writes into an item throws, since the item is frozen here. */
const nameChange = (name: string, cause: unknown): never => {
  const [said = ""] = cause instanceof Error ? cause.message.split("\n") : []
  if (!refusedWrite.test(said)) throw cause
  throw new ContractViolation({
    found: `${name}.json: mapping changes the item: ${said}`,
    expected: "the item to be left as it is: toSorted instead of sort, a copy instead of a write",
    why: "What the provider sent is given as raw, and is shown where an item is rejected.",
    cause,
  })
}

type List = Connection["list"]

/** A connection whose decoding and mapping are watched. */
const watching = (connection: Connection, onReadings: (readings: Readings) => void): Connection => {
  const watch =
    <Given extends ReadonlyArray<unknown>, A>(use: (...given: Given) => A) =>
    (...given: Given): A => {
      const { value, readings } = countingReadings(() => use(...given))
      onReadings(readings)
      return value
    }
  const list = <L extends List>(endpoint: L): L => ({
    ...endpoint,
    item: watch(endpoint.item),
    execution: watch(endpoint.execution),
  })
  const { detail, get } = connection
  return {
    ...connection,
    list: list(connection.list),
    detail: detail === null ? null : list(detail),
    get: get === null ? null : { ...get, item: watch(get.item), execution: watch(get.execution) },
  }
}
