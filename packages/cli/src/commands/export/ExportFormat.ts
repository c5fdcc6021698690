import { extname } from "node:path"
import type { ExecutionWriter } from "../../formats/Writer.js"
import type { Notices } from "../../session/Notices.js"
import type { Output } from "../../session/Output.js"
import { UsageError } from "../../session/UsageError.js"

/** The formats of `export`. */
export const exportFormats = ["ndjson", "csv", "parquet"] as const

/** One of {@link exportFormats}. */
export type ExportFormat = (typeof exportFormats)[number]

const extensions: Readonly<Record<string, ExportFormat>> = {
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".csv": "csv",
  ".parquet": "parquet",
}

/** The format of --format, else that of the file's extension, else ndjson. */
export const readExportFormat = (
  { format, output: path }: { readonly format?: string; readonly output?: string },
  isTerminal: boolean,
): ExportFormat => {
  const chosen = format === undefined ? formatOfPath(path) : formatOfWord(format)
  if (chosen === "parquet" && path === undefined && isTerminal) {
    throw new UsageError(
      "Parquet cannot be written to a terminal.",
      "Name a file with --output, or redirect stdout to one.",
    )
  }
  return chosen
}

const formatOfPath = (path: string | undefined): ExportFormat => {
  if (path === undefined) return "ndjson"
  const format = extensions[extname(path).toLowerCase()]
  if (format !== undefined) return format
  throw new UsageError(
    `--output: ${path} does not have the extension of a format.`,
    `Add --format ${exportFormats.join(" or --format ")}, or an extension such as .csv.`,
  )
}

const formatOfWord = (word: string): ExportFormat => {
  const format = exportFormats.find((known) => known === word)
  if (format !== undefined) return format
  throw new UsageError(
    `--format: "${word}" is not a format of this command.`,
    `Its formats are ${exportFormats.join(", ")}.`,
  )
}

/** The writer of a format. Loads only the code of that format. */
export const makeExportWriter = async (
  format: ExportFormat,
  output: Output,
  notices: Notices,
  guardsFormulas: boolean,
): Promise<ExecutionWriter> => {
  switch (format) {
    case "ndjson":
      return (await import("../../formats/Json.js")).ndjsonWriter(output)
    case "csv":
      return (await import("../../formats/Csv.js")).csvWriter(
        output,
        guardsFormulas,
        !output.isTerminal,
      )
    case "parquet":
      return (await import("../../formats/Parquet.js")).parquetWriter(output, notices.warn)
  }
}
