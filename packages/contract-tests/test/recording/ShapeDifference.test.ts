import type { Json } from "@execlog/core"
import { expect, it } from "vitest"
import { shapeDifferences } from "../../src/recording/ShapeDifference.js"

const changes = (before: Json, after: Json) =>
  shapeDifferences([before], [after]).map(
    ({ path, change, before, after }) => `${change} ${path}: ${before} → ${after}`,
  )

it.each<[string, Json, Json, ReadonlyArray<string>]>([
  ["a new field", { a: 1 }, { a: 1, b: "x" }, ["appeared b: null → string"]],
  ["a new object, once", { a: 1 }, { a: 1, b: { c: { d: 1 } } }, ["appeared b: null → object"]],
  [
    "a removed field",
    { l: [{ a: 1, b: 2 }] },
    { l: [{ a: 1 }] },
    ["vanished l[].b: number → null"],
  ],
  ["a changed type", { l: [{ a: 1 }] }, { l: [{ a: "1" }] }, ["changed l[].a: number → string"]],
  [
    "a field that became null",
    { l: [{ a: 1 }] },
    { l: [{ a: null }] },
    ["changed l[].a: number → null"],
  ],
  ["a list that became an object", { l: [1] }, { l: { x: 1 } }, ["changed l: list → object"]],
  ["a response of another type", [1], { l: 1 }, ["changed : list → object"]],
])("reports %s", (_, before, after, expected) => {
  expect(changes(before, after)).toEqual(expected)
})

it.each<[string, Json, Json]>([
  ["other values", { a: 1, b: "x" }, { a: 2, b: "y" }],
  ["longer lists", { l: [{ a: 1 }] }, { l: [{ a: 1 }, { a: 2 }] }],
  ["fields of items when the list is empty", { l: [{ a: 1 }] }, { l: [] }],
  ["fields of an object that was null", { o: null }, { o: { a: 1 } }],
  ["a field that was null by chance", { l: [{ a: 1 }, { a: null }] }, { l: [{ a: 1 }] }],
])("does not report %s", (_, before, after) => {
  expect(changes(before, after)).toEqual([])
})
