import { format, inspect } from "node:util"

const methods = ["log", "info", "warn", "error", "debug", "trace", "dir", "table"] as const
const streams = ["stdout", "stderr"] as const

/** Runs a function and returns its console output, including direct writes to stdout and stderr. */
export const recordingConsole = async <A>(
  use: () => Promise<A>,
): Promise<{ readonly value: A; readonly said: ReadonlyArray<string> }> => {
  const said: Array<string> = []
  const restores = [
    ...methods.map((method) =>
      replaced(globalThis.console, method, (...given: ReadonlyArray<unknown>) => {
        said.push(format(...given), inspect(given, { depth: null, showHidden: true }))
      }),
    ),
    ...streams.map((stream) =>
      replaced(process[stream], "write", (chunk: unknown) => {
        said.push(String(chunk))
        return true
      }),
    ),
  ]
  try {
    return { value: await use(), said }
  } finally {
    for (const restore of restores) restore()
  }
}

const replaced = <Key extends string, Owner extends { [name in Key]: unknown }>(
  owner: Owner,
  name: Key,
  stand: Owner[Key],
): (() => void) => {
  const before = owner[name]
  owner[name] = stand
  return () => {
    owner[name] = before
  }
}
