import { stringify } from "csv-stringify/sync"
import type { Output } from "../Output.js"
import { cellText, terminalText } from "../TerminalText.js"

/** What a cell may hold. What is not known stays empty. */
export type CsvCell = string | number | Date | null | undefined

/**
 * A line of CSV, ended by a line feed. A cell that a spreadsheet would take for a formula gets an
 * apostrophe before it.
 */
export const csvLine = (
  cells: ReadonlyArray<CsvCell>,
  { isTerminal }: Pick<Output, "isTerminal">,
): string =>
  stringify([cells], {
    escape_formulas: true,
    cast: { string: isTerminal ? terminalText : cellText, date: (date) => date.toISOString() },
  })
