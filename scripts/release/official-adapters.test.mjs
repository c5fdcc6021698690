import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { adapterNames } from "../lib/adapter-names.mjs"
import { serveProviders } from "./providers.mjs"

const textOf = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")

it.each([
  [
    "the adapters of the command line",
    "packages/cli/src/connections/OfficialAdapters.ts",
    'id: "*"',
  ],
  ["its devDependencies", "packages/cli/package.json", '"@execlog/*"'],
  ["the devDependencies of the store", "packages/store/package.json", '"@execlog/*"'],
  ["the budgets of sizes", "sizes.json", '"@execlog/*"'],
  ["the table of providers in the README", "README.md", "(packages/adapters/*)"],
])("finds every adapter package in %s", (_, path, entry) => {
  const text = textOf(path)
  expect(adapterNames.filter((id) => !text.includes(entry.replace("*", id)))).toEqual([])
})

it("serves every adapter package in the rehearsal of a release", async () => {
  const { served, stop } = await serveProviders()
  expect(served.map(({ id }) => id).toSorted()).toEqual(adapterNames)
  await stop()
})
