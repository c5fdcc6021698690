import type { Execution } from "./Execution.js"
import type { Include } from "./LogQuery.js"

/** An execution as a list gives it: with these parts alone, where `get` gives all. */
export const withParts = (
  { steps, inputs, outputs, raw, ...execution }: Execution,
  include: ReadonlyArray<Include>,
): Execution => ({
  ...execution,
  ...(steps !== undefined && include.includes("steps") ? { steps } : {}),
  ...(inputs !== undefined && include.includes("inputs") ? { inputs } : {}),
  ...(outputs !== undefined && include.includes("outputs") ? { outputs } : {}),
  ...(raw !== undefined && include.includes("raw") ? { raw } : {}),
})
