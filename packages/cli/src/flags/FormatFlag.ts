import type { Command } from "commander"
import { type Format, formats } from "../formats/Format.js"
import { UsageError } from "../session/UsageError.js"

/** The formats of reports other than lists of executions. */
export const reportFormats: ReadonlyArray<Format> = ["table", "json", "ndjson"]

/** The flags for the format of the data. */
export interface FormatFlag {
  readonly format?: string
  readonly csvSafe?: string
}

/** Adds the flag that chooses one of a command's formats. */
export const withFormatFlag = (
  command: Command,
  choices: ReadonlyArray<Format> = formats,
): Command => {
  const formatted = command
    .optionsGroup("Output:")
    .option("--format <format>", `${choices.join(", ")}; default: table on a terminal, else ndjson`)
  return choices.includes("csv") ? formatted.option(...csvSafeFlag) : formatted
}

/** The flag that turns the protection against formulas in CSV off. */
export const csvSafeFlag = [
  "--csv-safe <on|off>",
  "prefix CSV cells that a spreadsheet takes for formulas with an apostrophe; default: on",
] as const

/** Whether CSV is protected against formulas; only spreadsheets need that. */
export const guardsFormulas = ({ csvSafe = "on" }: Pick<FormatFlag, "csvSafe">): boolean => {
  if (csvSafe === "on" || csvSafe === "off") return csvSafe === "on"
  throw new UsageError(
    `--csv-safe: "${csvSafe}" is neither on nor off.`,
    "Write --csv-safe=off if no spreadsheet opens the file.",
  )
}

/** The format of --format, or else table on a terminal and ndjson elsewhere. */
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
