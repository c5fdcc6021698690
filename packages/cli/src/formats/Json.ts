import type { Output } from "../session/Output.js"
import { terminalJson } from "../text/TerminalText.js"
import type { ExecutionWriter } from "./Writer.js"

/** One execution a line, each its JSON form. */
export const ndjsonWriter = (output: Output): ExecutionWriter => ({
  write: (execution) => output.write(`${terminalJson(execution)}\n`),
  end: async () => {},
})

/** One array, written as the executions come. */
export const jsonWriter = (output: Output): ExecutionWriter => {
  let isFirst = true
  return {
    write: async (execution) => {
      await output.write(`${isFirst ? "[\n" : ",\n"}${terminalJson(execution)}`)
      isFirst = false
    },
    end: () => output.write(isFirst ? "[]\n" : "\n]\n"),
  }
}

/** Values that are no executions: one array, or one value a line. */
export const jsonText = (values: ReadonlyArray<unknown>, format: "json" | "ndjson"): string =>
  format === "json"
    ? `${terminalJson(values, 2)}\n`
    : values.map((value) => `${terminalJson(value)}\n`).join("")
