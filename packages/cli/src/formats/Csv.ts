import type { Execution } from "@execlog/core"
import type { Output } from "../Output.js"
import { terminalJson } from "../TerminalText.js"
import { type CsvCell, csvLine } from "./CsvLine.js"
import { type ExecutionColumn, executionColumns } from "./ExecutionColumns.js"
import type { ExecutionWriter } from "./ExecutionWriter.js"

/** What tells Excel that a file is UTF-8. Whatever else reads CSV passes over it. */
const byteOrderMark = "\ufeff"

const cellOf = (column: ExecutionColumn, execution: Execution): CsvCell => {
  if (column.kind !== "json") return column.value(execution)
  const value = column.value(execution)
  return value === undefined ? undefined : terminalJson(value)
}

/** CSV with a header. `isForFile`: it begins with a byte order mark. */
export const csvWriter = (output: Output, isForFile = false): ExecutionWriter => {
  const head = csvLine(
    executionColumns.map(({ name }) => name),
    output,
  )
  let isStarted = false
  const start = async () => {
    if (isStarted) return
    isStarted = true
    await output.write((isForFile ? byteOrderMark : "") + head)
  }
  return {
    write: async (execution) => {
      await start()
      const cells = executionColumns.map((column) => cellOf(column, execution))
      await output.write(csvLine(cells, output))
    },
    end: start,
  }
}
