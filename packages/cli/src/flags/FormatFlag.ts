import type { Command } from "commander"
import { type Format, formats } from "../formats/Format.js"
import { UsageError } from "../session/UsageError.js"

/** The formats of what is no list of executions. */
export const reportFormats: ReadonlyArray<Format> = ["table", "json", "ndjson"]

/** How the data is written. */
export interface FormatFlag {
  readonly format?: string
  readonly csvSafe?: string
}

/** Adds the flag that chooses the format, of those that a command has. */
export const withFormatFlag = (
  command: Command,
  choices: ReadonlyArray<Format> = formats,
): Command => {
  const formatted = command
    .optionsGroup("Output:")
    .option("--format <format>", `${choices.join(", ")}; default: table on a terminal, else ndjson`)
  return choices.includes("csv") ? formatted.option(...csvSafeFlag) : formatted
}

/** The flag that says for whom CSV is. */
export const csvSafeFlag = [
  "--csv-safe <on|off>",
  "whether a cell of CSV that a spreadsheet takes for a formula gets an apostrophe; default: on",
] as const

/** Whether CSV is guarded against formulas: what no spreadsheet reads can have each cell as it is. */
export const guardsFormulas = ({ csvSafe = "on" }: Pick<FormatFlag, "csvSafe">): boolean => {
  if (csvSafe === "on" || csvSafe === "off") return csvSafe === "on"
  throw new UsageError(
    `--csv-safe: "${csvSafe}" is neither on nor off.`,
    "Write --csv-safe=off for what no spreadsheet opens.",
  )
}

/** The format asked for, or what suits where the data goes. */
export const readFormat = (
  { format }: FormatFlag,
  isTerminal: boolean,
  choices: ReadonlyArray<Format> = formats,
): Format => {
  if (format === undefined) return isTerminal ? "table" : "ndjson"
  const chosen = choices.find((choice) => choice === format)
  if (chosen !== undefined) return chosen
  throw new UsageError(
    `--format: "${format}" is not a format of this command.`,
    `Its formats are ${choices.join(", ")}.`,
  )
}
