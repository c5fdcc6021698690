import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { suspicionsOf } from "@execlog/contract-tests/recording"
import { expect, it } from "vitest"

// The rules are those by which `execlog record` refuses to write, so that what it writes passes here.
const cwd = join(import.meta.dirname, "../..")
const paths = globSync("fixtures/**/*.json", { cwd })

it("looks at every fixture", () => {
  expect(paths.length).toBeGreaterThan(50)
})

it.each(paths)(
  "%s holds no key, no token, no address of a person and no path of a machine",
  (path) => {
    expect(suspicionsOf(JSON.parse(readFileSync(join(cwd, path), "utf8")))).toEqual([])
  },
)
