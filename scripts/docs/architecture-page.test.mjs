import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { architecturePagePath, composeArchitecturePage } from "./architecture-page.mjs"
import { layers } from "../lib/layers.mjs"

it("docs/architecture.md shows the folders as they import each other: pnpm architecture writes it", async () => {
  expect(readFileSync(architecturePagePath, "utf8")).toBe(await composeArchitecturePage())
})

it.each(Object.entries(layers))(
  "%s has no folder without a place among the others",
  (name, folders) => {
    const source = join(import.meta.dirname, "../..", "packages", name, "src")
    const there = readdirSync(source, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
    expect(there.toSorted()).toEqual([...folders].toSorted())
  },
)
