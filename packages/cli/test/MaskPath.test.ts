import { expect, it } from "vitest"
import { maskPathOf } from "../src/commands/record/MaskPath.js"

it.each<[string, ReadonlyArray<string | number>, string | null]>([
  ["a field of a response", ["exchanges", 0, "response", "data", 3, "email"], "data.*.email"],
  [
    "a field of a resumed walk",
    ["resumed", 1, "exchanges", 0, "response", "data", 3, "email"],
    "data.*.email",
  ],
  ["a name with brackets", ["exchanges", 0, "response", "a[0]", "b"], "a[0].b"],
  ["a name with a dot", ["exchanges", 0, "response", "a.b", "c"], "*.c"],
  ["a response that is a text", ["exchanges", 0, "response"], "**"],
  ["a parameter of a request", ["exchanges", 0, "path", "sig"], null],
  ["a header", ["exchanges", 0, "reqheaders", "cookie"], null],
])("returns the --mask-path of %s", (_, path, expected) => {
  expect(maskPathOf(path)).toBe(expected)
})
