import { expect, it } from "vitest"
import { composeMutationPage, scoreOf } from "./mutation-page.mjs"

const fileName = "/elsewhere/sandbox/packages/adapters/dify/src/index.ts"
const at = (column, end) => ({ start: { line: 1, column }, end: { line: 1, column: end } })
const mutants = [
  { fileName, location: at(1, 7), mutatorName: "Word", replacement: "export", status: "Survived" },
  { fileName, location: at(8, 9), mutatorName: "Brace", replacement: "", status: "Killed" },
  { fileName, location: at(8, 9), mutatorName: "Brace", replacement: "[", status: "Timeout" },
  { fileName, location: at(10, 17), mutatorName: "Name", replacement: "x", status: "NoCoverage" },
  { fileName, location: at(10, 17), mutatorName: "Name", replacement: "y", status: "RuntimeError" },
]

it("scores killed against surviving mutants, without those that do not load", () => {
  expect(scoreOf(mutants)).toBe(50)
  expect(composeMutationPage("", new Map([["dify", mutants]]))).toMatch(
    /packages\/adapters\/dify\/src\/index\.ts +\| 4 +\| 2 +\| 2 +\| 50\.0 % +\|/,
  )
})

it("shows the place, the source and the replacement of each survivor", () => {
  const page = composeMutationPage("", new Map([["dify", mutants]]))
  expect(page.match(/^- .*$/gm)).toEqual([
    "- `packages/adapters/dify/src/index.ts:1` Word: `import` → `export`",
    "- `packages/adapters/dify/src/index.ts:1` Name: `Adapter` → `x`",
  ])
})

it("keeps the parts of adapters that were not tried again", () => {
  const of = (name) => new Map([[name, mutants]])
  const first = composeMutationPage("", of("dify"))
  const both = composeMutationPage(first, of("alloy"))
  expect(both.match(/^## .*$/gm)).toEqual(["## alloy", "## dify"])
  expect(both).toContain(first.slice(first.indexOf("## dify")).trim())
  expect(composeMutationPage(both, of("dify"))).toBe(both)
})
