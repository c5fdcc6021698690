import type { Format } from "../../formats/Format.js"
import type { ChangeWriter } from "../../formats/Writer.js"
import type { Output } from "../../session/Output.js"
import { terminalJson } from "../../text/TerminalText.js"

/** The writer of a format. Loads only the code of that format. JSON has a line per change, as NDJSON. */
export const makeChangeWriter = async (
  format: Format,
  output: Output,
  guardsFormulas: boolean,
): Promise<ChangeWriter> => {
  switch (format) {
    case "table":
      return (await import("./ChangeTable.js")).changeTable(output)
    case "csv":
      return (await import("../../formats/Csv.js")).changeCsv(output, guardsFormulas)
    case "json":
    case "ndjson":
      return ({ observedAt, previous, execution }) =>
        output.write(`${terminalJson({ observedAt, previous, execution })}\n`)
  }
}
