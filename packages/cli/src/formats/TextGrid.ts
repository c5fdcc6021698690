import {
  type ColumnWidth,
  type Segment,
  type Style,
  cellWidth,
  columnGap,
  fitColumns,
  fitToWidth,
  plain,
  styledLine,
  totalWidth,
} from "./Cell.js"

/** A column of a table whose rows are all known. */
export interface GridColumn extends ColumnWidth {
  readonly title: string
  readonly align: "left" | "right"
  /** The width below which another column is omitted for it. */
  readonly comfortable: number
  /** Columns with a lower number are omitted first; null for never. */
  readonly leftOut: number | null
  /** Draws a cell in the given width. */
  readonly draw: (row: number, width: number) => ReadonlyArray<Segment>
}

/** A column of texts that are safe to show. */
export const textColumn = (
  title: string,
  texts: ReadonlyArray<string>,
  how: {
    readonly align?: "left" | "right"
    readonly least?: number
    readonly comfortable?: number
    readonly leftOut?: number
    readonly style?: (row: number) => Style | null
  } = {},
): GridColumn => {
  const natural = texts.reduce((most, text) => Math.max(most, cellWidth(text)), cellWidth(title))
  const align = how.align ?? "left"
  return {
    title,
    align,
    natural,
    least: how.least ?? null,
    comfortable: Math.min(natural, how.comfortable ?? natural),
    leftOut: how.leftOut ?? null,
    rank: 1,
    draw: (row, width) => [
      {
        text: fitToWidth(texts[row] ?? "", width, align),
        style: how.style?.(row) ?? null,
      },
    ],
  }
}

/** The lines of a table with its titles, within a width. */
export const gridText = (
  columns: ReadonlyArray<GridColumn>,
  rows: number,
  width: number,
  hasColors: boolean,
): string => {
  const kept = keptColumns(columns, width)
  const widths = fitColumns(kept, width)
  const lineOf = (cellsOf: (column: GridColumn, width: number) => ReadonlyArray<Segment>) =>
    styledLine(
      kept.flatMap((column, index) => [
        ...(index === 0 ? [] : [plain(columnGap)]),
        ...cellsOf(column, widths[index] ?? 0),
      ]),
      width,
      hasColors,
    )
  const head = lineOf(({ title, align }, own) => [
    { text: fitToWidth(title, own, align), style: "bold" },
  ])
  const body = Array.from({ length: rows }, (_, row) =>
    lineOf((column, own) => column.draw(row, own)),
  )
  return head + body.join("")
}

const keptColumns = (
  columns: ReadonlyArray<GridColumn>,
  width: number,
): ReadonlyArray<GridColumn> => {
  if (totalWidth(columns.map(({ comfortable }) => comfortable)) <= width) return columns
  const order = columns.map(({ leftOut }) => leftOut ?? Number.POSITIVE_INFINITY)
  const first = Math.min(...order)
  if (first === Number.POSITIVE_INFINITY) return columns
  return keptColumns(columns.toSpliced(order.indexOf(first), 1), width)
}
