import type { Output } from "../session/Output.js"
import type { Format } from "./Format.js"
import type { AllAsked } from "./ReasonText.js"
import type { ExecutionWriter } from "./Writer.js"

/** The writer of a format. Each loads only what it needs. */
export const makeExecutionWriter = async (
  format: Format,
  output: Output,
  guardsFormulas: boolean,
  isAllAsked: AllAsked = () => true,
): Promise<ExecutionWriter> => {
  switch (format) {
    case "table":
      return (await import("./Table.js")).tableWriter(output, isAllAsked)
    case "json":
      return (await import("./Json.js")).jsonWriter(output)
    case "ndjson":
      return (await import("./Json.js")).ndjsonWriter(output)
    case "csv":
      return (await import("./Csv.js")).csvWriter(output, guardsFormulas)
  }
}
