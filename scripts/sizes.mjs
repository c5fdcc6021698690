// pnpm sizes: shows what core and each adapter weigh in a bundle. With --write, records their budgets.

import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { budgetFaults, budgetPath, measureSizes, recordBudgets } from "./release/bundle-size.mjs"

const sizes = await measureSizes()
const recorded = existsSync(budgetPath) ? JSON.parse(readFileSync(budgetPath, "utf8")) : {}
const write = process.argv.includes("--write")
const budgets = write ? recordBudgets(sizes, recorded) : recorded
if (write) {
  writeFileSync(budgetPath, `${JSON.stringify(budgets, null, 2)}\n`)
  console.log(`Wrote ${budgetPath}`)
}
for (const [name, bytes] of Object.entries(sizes)) {
  console.log(`${name.padEnd(20)} ${String(bytes).padStart(7)} of ${budgets[name] ?? "no budget"}`)
}
const faults = budgetFaults(sizes, budgets)
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
