import { expect, it } from "vitest"
import { adapterNames } from "../lib/adapter-names.mjs"
import { budgetsFor, overBudget, readBudgets } from "./install-budget.mjs"

const what = "@execlog/core effect"

it("reports by how much an install exceeds its budget, and what to do", () => {
  const budget = { packages: 3, kilobytes: 1000 }
  expect(overBudget(what, { packages: 3, kilobytes: 1000 }, budget)).toEqual([])
  expect(overBudget(what, { packages: 5, kilobytes: 1001 }, budget)).toEqual([
    expect.stringMatching(
      /^"@execlog\/core effect" installs 5 packages, 2 over its budget of 3\..*--write/,
    ),
    expect.stringContaining("installs 1001 kilobytes, 1 over its budget of 1000."),
  ])
  expect(overBudget(what, { packages: 1, kilobytes: 1 }, undefined)).toEqual([
    expect.stringContaining('"@execlog/core effect" has no budget.'),
  ])
})

it("records a budget with some room, and keeps one that still holds", () => {
  const weights = new Map([
    ["kept", { packages: 3, kilobytes: 1000 }],
    ["grown", { packages: 4, kilobytes: 1000 }],
    ["fresh", { packages: 2, kilobytes: 910 }],
  ])
  const kept = { packages: 3, kilobytes: 1010 }
  expect(budgetsFor(weights, { kept, grown: kept, gone: kept })).toEqual({
    kept,
    grown: { packages: 4, kilobytes: 1100 },
    fresh: { packages: 2, kilobytes: 1100 },
  })
})

it("allows three packages for core with an adapter: both and effect", () => {
  const budgets = readBudgets()
  for (const id of adapterNames) {
    expect(budgets[`@execlog/core @execlog/${id} effect`]).toMatchObject({ packages: 3 })
  }
})
