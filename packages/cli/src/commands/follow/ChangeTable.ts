import type { Change } from "@execlog/core"
import {
  type ColumnWidth,
  emptyCell,
  fitColumns,
  fitToWidth,
  rowLine,
  rowLineWith,
  safeCell,
  statusStyle,
  styled,
} from "../../formats/Cell.js"
import { reasonText } from "../../formats/ReasonText.js"
import type { ChangeWriter } from "../../formats/Writer.js"
import type { Output } from "../../session/Output.js"
import { humanDuration, humanInstant } from "../../text/HumanTime.js"

interface Column extends ColumnWidth {
  readonly title: string
  readonly text: (change: Change) => string | null
  readonly align?: "right"
}

// Later rows are unknown, so the widths are fixed. The id shrinks last, because `get` needs all of it.
const columns: ReadonlyArray<Column> = [
  {
    title: "TIME",
    text: ({ observedAt }) => humanInstant(observedAt),
    natural: 20,
    least: null,
    rank: 0,
  },
  {
    title: "FROM",
    text: ({ execution }) => execution.connection ?? execution.provider,
    natural: 16,
    least: 6,
    rank: 2,
  },
  {
    title: "WORKFLOW",
    text: ({ execution: { workflow } }) => workflow.name ?? workflow.id,
    natural: 20,
    least: 8,
    rank: 2,
  },
  {
    title: "STATUS",
    text: ({ execution, previous }) =>
      previous === null || previous.status === execution.status
        ? execution.status
        : `${previous.status} → ${execution.status}`,
    natural: 19,
    least: null,
    rank: 0,
  },
  {
    title: "DURATION",
    text: ({ execution: { durationMs } }) =>
      durationMs === null ? null : humanDuration(durationMs),
    align: "right",
    natural: 8,
    least: null,
    rank: 0,
  },
  {
    title: "ERROR",
    text: ({ execution }) => reasonText(execution, true),
    natural: 40,
    least: 10,
    rank: 1,
  },
  { title: "ID", text: ({ execution }) => execution.id, natural: 36, least: 6, rank: 3 },
]

/** A table row per change, for people, as wide as the terminal. */
export const changeTable = (output: Output): ChangeWriter => {
  const widths = fitColumns(columns, output.columns)
  const statusAt = columns.findIndex(({ title }) => title === "STATUS")
  const cellsOf = (text: (column: Column) => string): ReadonlyArray<string> =>
    columns.map((column, index) => {
      // The last cell keeps its length if the line has no limit.
      if (output.columns === null && index === columns.length - 1) return text(column)
      return fitToWidth(text(column), widths[index] ?? 0, column.align ?? "left")
    })
  let isStarted = false
  return async (change) => {
    const titles = rowLine(
      cellsOf(({ title }) => title),
      output.columns,
    )
    const head = isStarted ? "" : `${styled(titles, "bold", output.hasColors)}\n`
    isStarted = true
    const cells = cellsOf((column) => safeCell(column.text(change) ?? emptyCell))
    const style = statusStyle(change.execution.status)
    await output.write(`${head}${rowLineWith(cells, { index: statusAt, style }, output)}\n`)
  }
}
