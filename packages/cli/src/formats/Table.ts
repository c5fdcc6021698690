import type { Execution } from "@execlog/core"
import type { Output } from "../session/Output.js"
import { humanDuration, humanInstant } from "../text/HumanTime.js"
import {
  cellWidth,
  cutToWidth,
  emptyCell,
  fitColumns,
  fitToWidth,
  rowLine,
  rowLineWith,
  safeCell,
  statusStyle,
  styled,
  totalWidth,
} from "./Cell.js"
import { type AllAsked, reasonText } from "./ReasonText.js"
import type { ExecutionWriter } from "./Writer.js"

interface Column {
  readonly title: string
  readonly text: (execution: Execution) => string | null
  readonly align: "left" | "right"
  readonly least: number | null
  readonly rank: number
}

// The widths are taken from the first rows, so that a long list begins before it is read whole.
const rowsMeasured = 100
// Where nobody looks at it, a page of text in one cell would still make every row as wide.
const widestError = 80
const widestCell = 1000

const provider: Column = {
  title: "PROVIDER",
  text: ({ provider, connection }) =>
    connection === null ? provider : `${provider} (${connection})`,
  align: "left",
  least: 6,
  rank: 2,
}

const connection: Column = {
  ...provider,
  title: "FROM",
  text: ({ provider, connection }) => connection ?? provider,
}

const othersOf = (isAllAsked: AllAsked): ReadonlyArray<Column> => [
  {
    title: "WORKFLOW",
    text: ({ workflow }) => workflow.name ?? workflow.id,
    align: "left",
    least: 8,
    rank: 2,
  },
  { title: "STATUS", text: ({ status }) => status, align: "left", least: null, rank: 0 },
  {
    title: "TIME",
    text: ({ timestamp }) => (timestamp === null ? null : humanInstant(timestamp)),
    align: "left",
    least: null,
    rank: 0,
  },
  {
    title: "DURATION",
    text: ({ durationMs }) => (durationMs === null ? null : humanDuration(durationMs)),
    align: "right",
    least: null,
    rank: 0,
  },
  {
    title: "ERROR",
    text: (execution) => {
      const reason = reasonText(execution, isAllAsked(execution))
      return reason === null ? null : cutToWidth(safeCell(reason), widestError)
    },
    align: "left",
    least: 10,
    rank: 1,
  },
  // `get` needs it whole, so all else gives way first.
  { title: "ID", text: ({ id }) => id, align: "left", least: 6, rank: 3 },
]

/** A table for people, as wide as the terminal. */
export const tableWriter = (output: Output, isAllAsked: AllAsked): ExecutionWriter => {
  const others = othersOf(isAllAsked)
  let held: Array<Execution> = []
  let layout: Layout | null = null
  const flush = async () => {
    if (held.length === 0) return
    if (layout === null) {
      layout = layoutFor(others, held, output.columns)
      await output.write(headLine(layout, output))
    }
    const current = layout
    const lines = held.map((execution) => bodyLine(current, execution, output))
    held = []
    await output.write(lines.join(""))
  }
  return {
    write: async (execution) => {
      held.push(execution)
      if (layout !== null || held.length >= rowsMeasured) await flush()
    },
    end: flush,
  }
}

interface Layout {
  readonly columns: ReadonlyArray<Column>
  readonly widths: ReadonlyArray<number>
}

const layoutFor = (
  others: ReadonlyArray<Column>,
  executions: ReadonlyArray<Execution>,
  available: number | null,
): Layout => {
  const measure = (columns: ReadonlyArray<Column>) =>
    columns.map((column) => ({
      ...column,
      natural: Math.min(
        widestCell,
        Math.max(
          cellWidth(column.title),
          ...executions.map((execution) => cellWidth(cellOf(column, execution))),
        ),
      ),
    }))
  const full = measure([provider, ...others])
  const needed = totalWidth(
    full.map(({ natural, least, rank }) => (rank === 1 ? (least ?? natural) : natural)),
  )
  const columns =
    available === null || needed <= available ? full : measure([connection, ...others])
  return { columns, widths: fitColumns(columns, available) }
}

const cellOf = (column: Column, execution: Execution): string =>
  safeCell(column.text(execution) ?? emptyCell)

const headLine = (
  { columns, widths }: Layout,
  { hasColors, columns: available }: Output,
): string => {
  const titles = columns.map(({ title, align }, index) =>
    fitToWidth(title, widths[index] ?? 0, align),
  )
  return `${styled(rowLine(titles, available), "bold", hasColors)}\n`
}

const bodyLine = ({ columns, widths }: Layout, execution: Execution, output: Output): string => {
  const cells = columns.map((column, index) =>
    fitToWidth(cellOf(column, execution), widths[index] ?? 0, column.align),
  )
  const index = columns.findIndex(({ title }) => title === "STATUS")
  return `${rowLineWith(cells, { index, style: statusStyle(execution.status) }, output)}\n`
}
