import { inspect } from "node:util"

const methods = ["log", "info", "warn", "error", "debug"] as const

/** Runs a function, and what was said on the console meanwhile. */
export const recordingConsole = async <A>(
  use: () => Promise<A>,
): Promise<{ readonly value: A; readonly said: ReadonlyArray<string> }> => {
  const said: Array<string> = []
  const before = methods.map((method) => globalThis.console[method])
  for (const method of methods) {
    globalThis.console[method] = (...given: ReadonlyArray<unknown>) => {
      said.push(
        given
          .map((part) => (typeof part === "string" ? part : inspect(part, { depth: 10 })))
          .join(" "),
      )
    }
  }
  try {
    return { value: await use(), said }
  } finally {
    for (const [index, method] of methods.entries()) {
      const original = before[index]
      if (original !== undefined) globalThis.console[method] = original
    }
  }
}
