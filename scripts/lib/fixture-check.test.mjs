import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { suspicionsOf } from "@execlog/contract-tests/recording"
import { expect, it } from "vitest"

// The rules are those by which `execlog record` does not write, so that what it writes passes here.
const cwd = join(import.meta.dirname, "../..")
const paths = globSync("fixtures/**/*.json", { cwd })

it("finds the fixtures", () => {
  expect(paths.length).toBeGreaterThan(50)
})

it.each(paths)("finds no key, token, personal address or machine path in %s", (path) => {
  expect(suspicionsOf(JSON.parse(readFileSync(join(cwd, path), "utf8")))).toEqual([])
})
