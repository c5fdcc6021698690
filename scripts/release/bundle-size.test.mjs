// An installed adapter stays small. Measures dist: build first.

import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { budgetFaults, budgetPath, measureSizes, recordBudgets } from "./bundle-size.mjs"

const sizes = await measureSizes()

it("keeps core and each adapter within sizes.json (pnpm sizes --write)", () => {
  expect(budgetFaults(sizes, JSON.parse(readFileSync(budgetPath, "utf8")))).toEqual([])
})

it("measures a package without its peers", () => {
  expect(Object.keys(sizes)).toEqual(expect.arrayContaining(["@execlog/core", "@execlog/n8n"]))
  expect(sizes["@execlog/core"]).toBeGreaterThan(10_000)
  expect(sizes["@execlog/n8n"]).toBeGreaterThan(1000)
  expect(sizes["@execlog/n8n"]).toBeLessThan(sizes["@execlog/core"] / 3)
})

it("reports packages that are too large, new or gone, and what to do", () => {
  const faults = budgetFaults(
    { large: 1200, small: 900, fresh: 100 },
    { large: 1000, small: 1000, old: 1 },
  )
  expect(faults).toEqual([
    expect.stringContaining(
      "large is 1200 bytes minified and compressed, 200 over its budget of 1000.",
    ),
    expect.stringContaining("fresh has no budget."),
    expect.stringContaining("old has a budget and is gone."),
  ])
  for (const fault of faults) expect(fault).toContain("pnpm sizes --write")
})

it("records a budget with some room, and keeps one that still holds", () => {
  const budgets = { kept: 10_400, shrunk: 20_000, old: 1 }
  expect(recordBudgets({ kept: 10_300, shrunk: 10_000, fresh: 1000 }, budgets)).toEqual({
    kept: 10_400,
    shrunk: 10_500,
    fresh: 1100,
  })
  expect(recordBudgets({ kept: 10_500 }, budgets)).toEqual({ kept: 11_100 })
})
