// The size budget of an install: shows the author of a new dependency what users will download.

import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const budgetPath = join(import.meta.dirname, "../../install-budget.json")

/**
 * @typedef {{ packages: number, kilobytes: number }} Weight
 */

/** @returns {Record<string, Weight>} */
export const readBudgets = () =>
  existsSync(budgetPath) ? JSON.parse(readFileSync(budgetPath, "utf8")) : {}

/**
 * The problems with the size of an install, if any.
 * @param {string} what
 * @param {Weight} weight
 * @param {Weight | undefined} budget
 */
export const overBudget = (what, weight, budget) => {
  if (budget === undefined) return [`"${what}" has no budget. ${remedy}`]
  return /** @type {const} */ (["packages", "kilobytes"])
    .filter((unit) => weight[unit] > budget[unit])
    .map(
      (unit) =>
        `"${what}" installs ${weight[unit]} ${unit}, ${weight[unit] - budget[unit]} over its budget of ${budget[unit]}. ${remedy}`,
    )
}

const remedy =
  "See what has come in; if it is worth it, npm run release:dry -- --write records it in install-budget.json."

/**
 * Budgets for what was weighed. One that still holds stays, and a new one leaves room for a
 * dependency's next patch, but for no other package.
 * @param {Map<string, Weight>} weights
 * @param {Record<string, Weight>} budgets
 */
export const budgetsFor = (weights, budgets) =>
  Object.fromEntries(
    [...weights].map(([what, weight]) => {
      const budget = budgets[what]
      const fits = budget !== undefined && overBudget(what, weight, budget).length === 0
      const kilobytes = Math.ceil((weight.kilobytes * 1.1) / 100) * 100
      return [what, fits ? budget : { packages: weight.packages, kilobytes }]
    }),
  )

/** @param {Record<string, Weight>} budgets */
export const writeBudgets = (budgets) =>
  writeFileSync(budgetPath, `${JSON.stringify(budgets, null, 2)}\n`)
