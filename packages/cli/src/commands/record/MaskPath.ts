import type { Suspicion } from "@execlog/contract-tests/recording"

/** The --mask-path of a value in a fixture; null if it is outside a response body. */
export const maskPathOf = (path: Suspicion["path"]): string | null => {
  const [, , ...resumed] = path
  const [list, , part, ...inBody] = path[0] === "resumed" ? resumed : path
  if (list !== "exchanges" || part !== "response") return null
  // A body without fields can be masked only as a whole.
  if (inBody.length === 0) return "**"
  return inBody.map(maskName).join(".")
}

/** An index, or a name that a path to mask cannot express, matches any. */
const maskName = (key: string | number): string =>
  typeof key === "number" || key === "" || /[.*]/.test(key) ? "*" : key
