import { expect, it } from "vitest"
import { Filter, Id } from "../src/adapter.js"

const sent = (filter: Filter.Filter, value: string) =>
  filter.by === "provider" ? filter.push(value) : filter.by

const byUuid = Filter.provider((id) => ({ flows: [id] }), { takes: Id.uuid.fits })
const uuid = "0b2a6c1e-7a55-4d61-9a53-3f3f2d6c1a10"

it.each<[string, Filter.Filter, string, unknown]>([
  ["sends each value", Filter.param("flow"), "a", { flow: "a" }],
  ["sends a value it takes", Filter.param("q", { takes: (text) => text !== "" }), "a", { q: "a" }],
  ["does not send other values", Filter.param("q", { takes: () => false }), "a", null],
  ["sends an id of its format", byUuid, uuid, { flows: [uuid] }],
  ["does not send other ids", byUuid, "a", null],
  ["answers from the settings", Filter.fixed("a", { note: "not set" }), "a", "settings"],
  ["cannot answer without a setting", Filter.fixed(null, { note: "not set" }), "a", "nobody"],
])("%s", (_, filter, value, expected) => expect(sent(filter, value)).toEqual(expected))

it("says why it does not take a value, or has none", () => {
  expect(Filter.param("q", { takes: () => false, note: "too long" })).toMatchObject({
    note: "too long",
  })
  expect(Filter.fixed(undefined, { note: "not set", hint: "Set it." })).toMatchObject({
    note: "not set",
    hint: "Set it.",
  })
})
