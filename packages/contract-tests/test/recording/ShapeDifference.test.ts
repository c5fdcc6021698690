import type { Json } from "@execlog/core"
import { expect, it } from "vitest"
import { shapeDifferences } from "../../src/recording/ShapeDifference.js"

const changes = (before: Json, after: Json) =>
  shapeDifferences([before], [after]).map(
    ({ path, change, before, after }) => `${change} ${path}: ${before} → ${after}`,
  )

it.each<[string, Json, Json, ReadonlyArray<string>]>([
  ["a field that came", { a: 1 }, { a: 1, b: "x" }, ["appeared b: null → string"]],
  [
    "a branch that came, once",
    { a: 1 },
    { a: 1, b: { c: { d: 1 } } },
    ["appeared b: null → object"],
  ],
  [
    "a field that went",
    { l: [{ a: 1, b: 2 }] },
    { l: [{ a: 1 }] },
    ["vanished l[].b: number → null"],
  ],
  [
    "a type that changed",
    { l: [{ a: 1 }] },
    { l: [{ a: "1" }] },
    ["changed l[].a: number → string"],
  ],
  [
    "a field that may be null",
    { l: [{ a: 1 }] },
    { l: [{ a: null }] },
    ["changed l[].a: number → null"],
  ],
  ["a list that became an object", { l: [1] }, { l: { x: 1 } }, ["changed l: list → object"]],
  ["an answer of another kind", [1], { l: 1 }, ["changed : list → object"]],
])("tells of %s", (_, before, after, expected) => {
  expect(changes(before, after)).toEqual(expected)
})

it.each<[string, Json, Json]>([
  ["other values", { a: 1, b: "x" }, { a: 2, b: "y" }],
  ["longer lists", { l: [{ a: 1 }] }, { l: [{ a: 1 }, { a: 2 }] }],
  ["what lies in a list that is empty", { l: [{ a: 1 }] }, { l: [] }],
  ["what lies in an object that is null", { o: null }, { o: { a: 1 } }],
  ["a field that was null by chance", { l: [{ a: 1 }, { a: null }] }, { l: [{ a: 1 }] }],
])("says nothing of %s", (_, before, after) => {
  expect(changes(before, after)).toEqual([])
})
