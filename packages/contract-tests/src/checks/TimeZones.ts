import { isDeepStrictEqual } from "node:util"
import type { Execution, Json } from "@execlog/core"
import type { FixtureCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { isErrorFixture } from "../kit/Fixture.js"
import { pathText, valuesWithin, withValue } from "../kit/JsonPath.js"
import { samplesOf } from "../kit/Samples.js"

const zoned = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?:Z|[+-]\d{2}:?\d{2})$/

/** A time without a zone is rejected. */
export const zonelessTimes: FixtureCheck = {
  promise: "rejects an item whose time has no zone",
  appliesTo: ({ options }, fixture) => !isErrorFixture(fixture) && options.zoneless !== true,
  run: async (subject, fixture) => {
    const { items, read } = samplesOf(subject, fixture)
    for (const item of items) {
      const [before] = (await read([item])).executions
      for (const { path, value } of valuesWithin(item)) {
        const other = withoutZone(value)
        if (other === null) continue
        const [after] = (await read([withValue(item, path, other)])).executions
        holds(after === undefined || isDeepStrictEqual(timesOf(after), timesOf(before)), () => ({
          found: `${fixture.name}.json: with ${pathText(path)} set to ${other} the times became ${shown(timesOf(after))}.`,
          expected: "a rejected item, or the option zoneless if the provider documents its zone",
          why: "A guessed zone is hours off, but only on some machines.",
        }))
      }
    }
  },
}

/** An instant is the same in whichever zone it is written. */
export const zonedTimes: FixtureCheck = {
  promise: "reads a time in the zone that it names",
  appliesTo: (_subject, fixture) => !isErrorFixture(fixture),
  run: async (subject, fixture) => {
    const { items, read } = samplesOf(subject, fixture)
    for (const item of items) {
      const [before] = (await read([item])).executions
      for (const { path, value } of valuesWithin(item)) {
        const other = inAnotherZone(value)
        if (other === null) continue
        const [after] = (await read([withValue(item, path, other)])).executions
        holds(after === undefined || isDeepStrictEqual(timesOf(after), timesOf(before)), () => ({
          found: `${fixture.name}.json: with ${pathText(path)} written as ${other} instead of ${shown(value)} the times became ${shown(timesOf(after))}.`,
          expected: `${shown(timesOf(before))}: the same instant in another zone`,
          why: "If the zone is ignored, times are hours off when the provider sends another one.",
        }))
      }
    }
  },
}

const offsetMs = 5.5 * 3_600_000

/** The same instant written in the zone +05:30. */
const inAnotherZone = (value: Json): string | null => {
  if (typeof value !== "string" || !zoned.test(value) || Number.isNaN(Date.parse(value)))
    return null
  const fraction = /\.\d+/.exec(value)?.[0] ?? ""
  const there = new Date(Date.parse(value) + offsetMs).toISOString().slice(0, 19)
  return `${there}${fraction}+05:30`
}

/** The time one hour later, without a zone, to notice a mapping that reads it. */
const withoutZone = (value: Json): string | null => {
  const [, local] = typeof value === "string" ? (zoned.exec(value) ?? []) : []
  if (local === undefined) return null
  return new Date(Date.parse(`${local}Z`) + 3_600_000).toISOString().replace("Z", "")
}

const timesOf = (execution: Execution | undefined) => {
  if (execution === undefined) return null
  const { startedAt, finishedAt, listedAt, steps } = execution
  return [
    [startedAt, finishedAt, listedAt],
    steps?.map((step) => [step.startedAt, step.finishedAt]),
  ]
}
