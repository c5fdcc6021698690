import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { layers } from "../lib/layers.mjs"
import { architecturePagePath, composeArchitecturePage } from "./architecture-page.mjs"

it("matches docs/architecture.md (pnpm architecture)", async () => {
  expect(readFileSync(architecturePagePath, "utf8")).toBe(await composeArchitecturePage())
})

it.each(Object.entries(layers))("lists every folder of %s in its layers", (name, folders) => {
  const source = join(import.meta.dirname, "../..", "packages", name, "src")
  const there = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  expect(there.toSorted()).toEqual([...folders].toSorted())
})
