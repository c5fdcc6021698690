import type { Execution } from "@execlog/core"
import type { Output } from "../session/Output.js"
import { terminalJson } from "../text/TerminalText.js"
import { gatherWrites } from "./GatheredWrites.js"
import type { ExecutionWriter } from "./Writer.js"

/** One execution per line, as JSON. */
export const ndjsonWriter = (output: Output): ExecutionWriter => {
  const { write, flush } = gatherWrites(output)
  return { write: (execution) => write(`${executionJson(execution)}\n`), end: flush }
}

/** One array, written as the executions come. */
export const jsonWriter = (output: Output): ExecutionWriter => {
  const { write, flush } = gatherWrites(output)
  let isFirst = true
  return {
    write: (execution) => {
      const before = isFirst ? "[\n" : ",\n"
      isFirst = false
      return write(before + executionJson(execution))
    },
    end: async () => {
      await write(isFirst ? "[]\n" : "\n]\n")
      await flush()
    },
  }
}

/** Formats times first: JSON.stringify takes three times as long for a Date as for its text. */
const executionJson = (execution: Execution): string =>
  terminalJson({
    ...execution,
    timestamp: timeJson(execution.timestamp),
    scheduledFor: timeJson(execution.scheduledFor),
    startedAt: timeJson(execution.startedAt),
    finishedAt: timeJson(execution.finishedAt),
    listedAt: timeJson(execution.listedAt),
  })

const timeJson = (time: Date | null): string | null =>
  time === null || Number.isNaN(time.getTime()) ? null : time.toISOString()

/** Values that are not executions: one array, or one value per line. */
export const jsonText = (values: ReadonlyArray<unknown>, format: "json" | "ndjson"): string =>
  format === "json"
    ? `${terminalJson(values, 2)}\n`
    : values.map((value) => `${terminalJson(value)}\n`).join("")
