// Whoever installs one adapter installs little, and it stays little. dist is measured: build first.

import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { budgetFaults, budgetPath, measureSizes, recordBudgets } from "./bundle-size.mjs"

const sizes = await measureSizes()

it("core and each adapter keep to the budgets of sizes.json: pnpm sizes --write records them", () => {
  expect(budgetFaults(sizes, JSON.parse(readFileSync(budgetPath, "utf8")))).toEqual([])
})

it("measures all of a package, and nothing of its peers", () => {
  expect(Object.keys(sizes)).toEqual(expect.arrayContaining(["@execlog/core", "@execlog/n8n"]))
  expect(sizes["@execlog/core"]).toBeGreaterThan(10_000)
  expect(sizes["@execlog/n8n"]).toBeGreaterThan(1000)
  expect(sizes["@execlog/n8n"]).toBeLessThan(sizes["@execlog/core"] / 3)
})

it("says what is too large, new or gone, and what to do", () => {
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

it("records room for small additions, and widens no budget that was kept", () => {
  const budgets = { kept: 10_400, shrunk: 20_000, old: 1 }
  expect(recordBudgets({ kept: 10_300, shrunk: 10_000, fresh: 1000 }, budgets)).toEqual({
    kept: 10_400,
    shrunk: 10_500,
    fresh: 1100,
  })
  expect(recordBudgets({ kept: 10_500 }, budgets)).toEqual({ kept: 11_100 })
})
