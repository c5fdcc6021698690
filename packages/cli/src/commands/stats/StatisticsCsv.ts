import { executionStatuses } from "@execlog/core"
import type { StatisticGroup } from "@execlog/core/statistics"
import { type CsvCell, csvLine } from "../../formats/Csv.js"
import type { Output } from "../../session/Output.js"

/** The columns, in their order. New ones are added at the end. */
const columns: Readonly<Record<string, (group: StatisticGroup) => CsvCell>> = {
  provider: (group) => group.provider,
  connection: (group) => group.connection,
  workflow_id: (group) => group.workflowId,
  workflow_name: (group) => group.workflowName,
  day: (group) => group.day,
  hour: (group) => group.hour,
  count: (group) => group.count,
  failures: (group) => group.failures,
  success_rate: (group) => group.successRate,
  median_ms: (group) => group.medianMs,
  p95_ms: (group) => group.p95Ms,
  p99_ms: (group) => group.p99Ms,
  total_tokens: (group) => group.totalTokens,
  first_timestamp: (group) => group.firstTimestamp,
  last_timestamp: (group) => group.lastTimestamp,
  ...Object.fromEntries(
    executionStatuses.map((status) => [status, (group: StatisticGroup) => group.byStatus[status]]),
  ),
}

/** A header, and one line per group. */
export const statisticsCsv = (
  groups: ReadonlyArray<StatisticGroup>,
  output: Output,
  guardsFormulas: boolean,
): string =>
  [
    Object.keys(columns),
    ...groups.map((group) => Object.values(columns).map((cell) => cell(group))),
  ]
    .map((cells) => csvLine(cells, output, guardsFormulas))
    .join("")
