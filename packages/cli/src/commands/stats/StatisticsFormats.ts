import type { StatisticDimension, Statistics } from "@execlog/core/statistics"
import type { Format } from "../../formats/Format.js"
import type { Output } from "../../session/Output.js"
import { terminalJson } from "../../text/TerminalText.js"

/** Statistics in a format. Loads only the code of that format. */
export const statisticsText = async (
  format: Format,
  by: ReadonlyArray<StatisticDimension>,
  statistics: Statistics,
  output: Output,
  guardsFormulas: boolean,
): Promise<string> => {
  switch (format) {
    case "table":
      return (await import("./StatisticsReport.js")).statisticsReport(by, statistics, output)
    case "json":
      return `${terminalJson(statistics.summary(), 2)}\n`
    case "ndjson":
      return (await import("../../formats/Json.js")).jsonText(statistics.summary().groups, "ndjson")
    case "csv": {
      const { statisticsCsv } = await import("./StatisticsCsv.js")
      return statisticsCsv(statistics.summary().groups, output, guardsFormulas)
    }
  }
}
