import { isDeepStrictEqual } from "node:util"
import type { Connection } from "@execlog/core/adapter"
import type { FixtureCheck } from "../kit/Check.js"
import { holds } from "../kit/ContractViolation.js"
import { differenceOf } from "../kit/Difference.js"
import { isErrorFixture } from "../kit/Fixture.js"
import { type JsonPath, pathText, copyReportingWrites } from "../kit/JsonPath.js"
import { samplesOf } from "../kit/Samples.js"
import { countingReadings, type Readings } from "../kit/StandingClock.js"

/** Mapping depends only on the item. */
export const mappingPurity: FixtureCheck = {
  promise: "maps an item the same each time, without changing it or using the clock or chance",
  appliesTo: (_subject, fixture) => !isErrorFixture(fixture),
  run: async (subject, fixture) => {
    const { items, read } = samplesOf(subject, fixture)
    let readings: Readings = { clock: 0, chance: 0 }
    const counted = counting(subject.connection(fixture), (more) => {
      readings = { clock: readings.clock + more.clock, chance: readings.chance + more.chance }
    })
    const writes: Array<JsonPath> = []
    const given = items.map((item) => copyReportingWrites(item, (path) => writes.push(path)))
    const first = await read(given, counted).catch((cause: unknown) => {
      // A write to such an item throws, which a mapping may catch.
      if (writes.length === 0) throw cause
      return null
    })
    holds(first !== null && writes.length === 0, () => ({
      found: `${fixture.name}.json: mapping changes the item at ${writes.slice(0, 3).map(pathText).join(", ")}.`,
      expected: "the item unchanged: use toSorted instead of sort, and change copies",
      why: "The item is returned as raw, and shown when it is rejected.",
    }))
    const second = await read(given, counted)
    holds(readings.clock === 0 && readings.chance === 0, () => ({
      found: `${fixture.name}.json: mapping read the clock ${readings.clock} times and random numbers ${readings.chance} times.`,
      expected: "neither: a time that the provider omits is null",
      why: "Made-up times look as true as recorded ones.",
    }))
    holds(isDeepStrictEqual(first, second), () => ({
      found: `${fixture.name}.json: the same items were mapped twice, but the second time ${differenceOf(second, first)}.`,
      expected: "the same executions: mapping keeps no state between items",
      why: "A store would record a change that never happened.",
    }))
  },
}

type List = Connection["list"]

/** A connection that counts reads of the clock and of chance while it maps. */
const counting = (connection: Connection, onReadings: (readings: Readings) => void): Connection => {
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
