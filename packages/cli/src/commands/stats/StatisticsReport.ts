import type {
  FailingWorkflow,
  StatisticDimension,
  Statistics,
  StatisticsSummary,
} from "@execlog/core/statistics"
import { safeCell, styledLine } from "../../formats/Cell.js"
import { countText, rateText } from "../../formats/Figure.js"
import { areFromSeveral, fromText, workflowText } from "../../formats/Origin.js"
import { gridText, textColumn } from "../../formats/TextGrid.js"
import type { Output } from "../../session/Output.js"
import { groupTable } from "./GroupTable.js"
import { overallText } from "./OverallText.js"
import { seriesText, sparklineWidth } from "./SeriesText.js"

const widthOffTerminal = 100
const mostRows = 5

/** The report of statistics, for people, as wide as the terminal. */
export const statisticsReport = (
  by: ReadonlyArray<StatisticDimension>,
  statistics: Statistics,
  { columns, hasColors }: Output,
): string => {
  const width = columns ?? widthOffTerminal
  const summary = statistics.summary({
    failingWorkflows: mostRows,
    errors: mostRows,
    buckets: sparklineWidth(width),
  })
  return [
    overallText(summary.overall, width, hasColors),
    groupTable(by, summary.groups, width, hasColors),
    seriesText(summary.series, width, hasColors),
    failingText(summary.failingWorkflows, width, hasColors),
    errorsText(summary, width, hasColors),
  ]
    .filter((part) => part !== "")
    .join("\n")
}

const failingText = (
  workflows: ReadonlyArray<FailingWorkflow>,
  width: number,
  hasColors: boolean,
): string => {
  if (workflows.length === 0) return ""
  const figures = (title: string, textOf: (workflow: FailingWorkflow) => string) =>
    textColumn(title, workflows.map(textOf), { align: "right" })
  const columns = [
    textColumn(
      "FAILED",
      workflows.map(({ failures }) => countText(failures)),
      { align: "right", style: () => "red" },
    ),
    figures("OF", ({ count }) => countText(count)),
    figures("RATE", ({ failureRate }) => rateText(failureRate)),
    textColumn("WORKFLOW", workflows.map(workflowText), { least: 8, comfortable: 16 }),
    ...(areFromSeveral(workflows)
      ? [
          textColumn(
            "FROM",
            workflows.map((workflow) => fromText(workflow, width)),
            { least: 6, comfortable: 10, leftOut: 1 },
          ),
        ]
      : []),
  ]
  return gridText(columns, workflows.length, width, hasColors)
}

const errorsText = (
  { errors, errorsLacking }: StatisticsSummary,
  width: number,
  hasColors: boolean,
): string => {
  if (errors.length === 0) return ""
  const columns = [
    textColumn(
      "ERRORS",
      errors.map(({ count }) => countText(count)),
      { align: "right" },
    ),
    textColumn(
      "MESSAGE",
      errors.map(({ message }) => safeCell(message)),
      { least: 10 },
    ),
  ]
  const note = `There are too many distinct messages to count exactly: a count may be too low by up to ${countText(errorsLacking)}.`
  return (
    gridText(columns, errors.length, width, hasColors) +
    (errorsLacking === 0 ? "" : styledLine([{ text: note, style: "dim" }], width, hasColors))
  )
}
