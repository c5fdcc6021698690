import type { Change, Execution } from "@execlog/core"
import { stringify } from "csv-stringify/sync"
import type { Output } from "../session/Output.js"
import { cellText, terminalJson, terminalText } from "../text/TerminalText.js"
import { type ExecutionColumn, executionColumns } from "./ExecutionColumns.js"
import { gatherWrites } from "./GatheredWrites.js"
import type { ChangeWriter, ExecutionWriter } from "./Writer.js"

/** The value of a cell; unknown values are empty cells. */
export type CsvCell = string | number | Date | null | undefined

/**
 * A line of CSV with its line feed. With `guardsFormulas`, a cell that a spreadsheet would evaluate gets
 * a leading apostrophe, and a cell with another separator is quoted.
 */
export const csvLine = (
  cells: ReadonlyArray<CsvCell>,
  { isTerminal }: Pick<Output, "isTerminal">,
  guardsFormulas: boolean,
): string =>
  stringify([cells], {
    escape_formulas: guardsFormulas,
    ...(guardsFormulas ? { quoted_match: [";", "\t"] } : {}),
    cast: {
      string: (text) => {
        const shown = isTerminal ? terminalText(text) : cellText(text)
        // Some spreadsheets skip empty lines, which the library does not consider.
        return guardsFormulas && shown.startsWith("\n") ? `'${shown}` : shown
      },
      date: (date) => date.toISOString(),
    },
  })

/** Byte order mark, so that Excel reads UTF-8; other readers ignore it. */
const byteOrderMark = "\ufeff"

const names = executionColumns.map(({ name }) => name)

const cellsOf = (execution: Execution): ReadonlyArray<CsvCell> =>
  executionColumns.map((column) => cellOf(column, execution))

const cellOf = (column: ExecutionColumn, execution: Execution): CsvCell => {
  if (column.kind !== "json") return column.value(execution)
  const value = column.value(execution)
  return value === undefined ? undefined : terminalJson(value)
}

/** CSV with a header; with `isForFile`, after a byte order mark. */
export const csvWriter = (
  output: Output,
  guardsFormulas: boolean,
  isForFile = false,
): ExecutionWriter => {
  const gathered = gatherWrites(output)
  const lines = { isTerminal: output.isTerminal, write: gathered.write }
  const { start, write } = linesBelow(names, lines, guardsFormulas, isForFile)
  return {
    write: (execution) => write(cellsOf(execution)),
    end: async () => {
      await start()
      await gathered.flush()
    },
  }
}

/** CSV of changes: the observation time and previous statuses, then the columns of the execution. */
export const changeCsv = (output: Output, guardsFormulas: boolean): ChangeWriter => {
  const head = ["observed_at", "previous_status", "previous_provider_status", ...names]
  const { write } = linesBelow(head, output, guardsFormulas, false)
  return ({ observedAt, previous, execution }: Change) =>
    write([observedAt, previous?.status, previous?.providerStatus, ...cellsOf(execution)])
}

/** Writes lines, and the header before the first one. */
const linesBelow = (
  head: ReadonlyArray<string>,
  output: Pick<Output, "isTerminal"> & { readonly write: (text: string) => Promise<void> },
  guardsFormulas: boolean,
  isForFile: boolean,
) => {
  let isStarted = false
  const start = async () => {
    if (isStarted) return
    isStarted = true
    await output.write((isForFile ? byteOrderMark : "") + csvLine(head, output, guardsFormulas))
  }
  const write = async (cells: ReadonlyArray<CsvCell>) => {
    await start()
    await output.write(csvLine(cells, output, guardsFormulas))
  }
  return { start, write }
}
