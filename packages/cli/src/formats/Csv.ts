import type { Execution } from "@execlog/core"
import { stringify } from "csv-stringify/sync"
import type { Output } from "../Output.js"
import { cellText, terminalJson, terminalText } from "../TerminalText.js"
import { type ExecutionColumn, executionColumns } from "./ExecutionColumns.js"
import type { ExecutionWriter } from "./ExecutionWriter.js"

type Cell = string | number | Date | null | undefined

/** What tells Excel that a file is UTF-8. Whatever else reads CSV passes over it. */
const byteOrderMark = "\ufeff"

const cellOf = (column: ExecutionColumn, execution: Execution): Cell => {
  if (column.kind !== "json") return column.value(execution)
  const value = column.value(execution)
  return value === undefined ? undefined : terminalJson(value)
}

/**
 * CSV with a header and line feeds. A cell that a spreadsheet would take for a formula gets
 * an apostrophe before it. `isForFile`: it begins with a byte order mark.
 */
export const csvWriter = (output: Output, isForFile = false): ExecutionWriter => {
  const shown = output.isTerminal ? terminalText : cellText
  const line = (cells: ReadonlyArray<Cell>) =>
    stringify([cells], {
      escape_formulas: true,
      cast: { string: shown, date: (date) => date.toISOString() },
    })
  const head = line(executionColumns.map(({ name }) => name))
  let isStarted = false
  const start = async () => {
    if (isStarted) return
    isStarted = true
    await output.write((isForFile ? byteOrderMark : "") + head)
  }
  return {
    write: async (execution) => {
      await start()
      await output.write(line(executionColumns.map((column) => cellOf(column, execution))))
    },
    end: start,
  }
}
