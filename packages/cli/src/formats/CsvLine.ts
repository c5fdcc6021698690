import { stringify } from "csv-stringify/sync"
import type { Output } from "../session/Output.js"
import { cellText, terminalText } from "../text/TerminalText.js"

/** What a cell may hold. What is not known stays empty. */
export type CsvCell = string | number | Date | null | undefined

/**
 * A line of CSV, ended by a line feed. Where formulas are guarded against, a cell that a
 * spreadsheet would take for one gets an apostrophe before it, and one that it might split elsewhere than
 * at commas is quoted.
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
        // Some spreadsheets pass over empty lines, which the library does not know.
        return guardsFormulas && shown.startsWith("\n") ? `'${shown}` : shown
      },
      date: (date) => date.toISOString(),
    },
  })
