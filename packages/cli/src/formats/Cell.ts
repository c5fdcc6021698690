import { styleText } from "node:util"
import type { ExecutionStatus } from "@execlog/core"
import stringWidth from "string-width"
import type { Output } from "../session/Output.js"
import { terminalText } from "../text/TerminalText.js"

/** The placeholder for an empty cell in tables. */
export const emptyCell = "–"

const ascii = /^[\x20-\x7e]*$/
const graphemes = new Intl.Segmenter()

// A grapheme may have any number of code units: a family of four has 11 and takes two columns.
const longestGrapheme = 16
const longestOfColumn = longestGrapheme / 2

// Cells are narrower than this; measuring longer text takes too long.
const longestMeasured = 10_000

/** Foreign text for a cell: escaped, and cut to the longest measurable length. */
export const safeCell = (text: string): string => terminalText(text.slice(0, longestMeasured))

/** How many columns of a terminal a text takes. */
export const cellWidth = (text: string): number =>
  ascii.test(text) ? text.length : stringWidth(text.slice(0, longestMeasured))

/** Cuts a text to a width, with … where something is missing. */
export const cutToWidth = (text: string, width: number): string => {
  if (text.length <= width * longestOfColumn && cellWidth(text) <= width) return text
  if (width < 1) return ""
  if (ascii.test(text)) return `${text.slice(0, width - 1)}…`
  let cut = ""
  let taken = 0
  // Zero-width text may have any number of characters.
  const most = width * longestGrapheme
  for (const { segment } of graphemes.segment(text.slice(0, most))) {
    const shown = segment.slice(0, longestGrapheme)
    const next = taken + cellWidth(shown)
    if (next > width - 1) break
    cut += shown
    taken = next
  }
  return `${cut}…`
}

/** Pads a text to a width in columns; wide characters count twice. */
export const padToWidth = (text: string, width: number, align: "left" | "right"): string => {
  const padding = " ".repeat(Math.max(0, width - cellWidth(text)))
  return align === "left" ? text + padding : padding + text
}

/** Cuts or pads a text to exactly a width. */
export const fitToWidth = (text: string, width: number, align: "left" | "right"): string =>
  padToWidth(cutToWidth(text, width), width, align)

/** A style of a text on a terminal. */
export type Style = Parameters<typeof styleText>[0]

const statusStyles: Readonly<Record<ExecutionStatus, Style>> = {
  queued: "cyan",
  running: "cyan",
  waiting: "yellow",
  succeeded: "green",
  partial: "yellow",
  failed: "red",
  timed_out: "red",
  canceled: "dim",
  skipped: "dim",
  unknown: "magenta",
}

/** The style in which a status is shown. */
export const statusStyle = (status: ExecutionStatus): Style => statusStyles[status]

/** A text in a style, if the output has colours. */
export const styled = (text: string, style: Style | null, hasColors: boolean): string =>
  style === null || !hasColors ? text : styleText(style, text, { validateStream: false })

/** The cells of a row on one line, cut to the available width. */
export const rowLine = (cells: ReadonlyArray<string>, available: number | null): string => {
  const line = cells.join(columnGap).trimEnd()
  return available === null ? line : cutToWidth(line, available)
}

/** A row with one of its cells in a style. */
export const rowLineWith = (
  cells: ReadonlyArray<string>,
  { index, style }: { readonly index: number; readonly style: Style },
  { hasColors, columns }: Pick<Output, "hasColors" | "columns">,
): string => {
  const line = rowLine(cells, columns)
  const before = cells
    .slice(0, index)
    .map((cell) => cell + columnGap)
    .join("")
  const word = cells[index] ?? ""
  // On a very narrow terminal the cell is cut off, and there is nothing to colour.
  if (!hasColors || !line.startsWith(before + word)) return line
  return `${before}${styled(word, style, hasColors)}${line.slice(before.length + word.length)}`
}

/** A part of a line that has one style. Its text is safe to show. */
export interface Segment {
  readonly text: string
  readonly style: Style | null
}

/** A part of a line without a style. */
export const plain = (text: string): Segment => ({ text, style: null })

/** A line of a terminal, cut to its width, with colours if the output has them. */
export const styledLine = (
  segments: ReadonlyArray<Segment>,
  width: number,
  hasColors: boolean,
): string => {
  const whole = segments.map(({ text }) => text).join("")
  const cut = cutToWidth(whole.trimEnd(), width)
  let at = 0
  const parts = segments.map(({ text, style }) => {
    const part = cut.slice(at, at + text.length)
    at += text.length
    return part === "" ? "" : styled(part, style, hasColors)
  })
  return `${parts.join("")}\n`
}

/** The natural and the least width of a column. */
export interface ColumnWidth {
  readonly natural: number
  /** Null if it must keep its natural width. */
  readonly least: number | null
  /** Columns of a lower rank shrink first; columns of one rank shrink together. */
  readonly rank: number
}

/** The space between two columns. */
export const columnGap = "  "

/** Shrinks columns to the available width, as far as their least widths allow. */
export const fitColumns = (
  columns: ReadonlyArray<ColumnWidth>,
  available: number | null,
): ReadonlyArray<number> => {
  const widths = columns.map(({ natural }) => natural)
  if (available === null) return widths
  let excess = totalWidth(widths) - available
  const ranks = [...new Set(columns.map(({ rank }) => rank))].toSorted((a, b) => a - b)
  for (const rank of ranks) {
    while (excess > 0) {
      const widest = widestOf(columns, widths, rank)
      if (widest === null) break
      widths[widest] = (widths[widest] ?? 0) - 1
      excess -= 1
    }
  }
  return widths
}

/** How wide a line is with its gaps. */
export const totalWidth = (widths: ReadonlyArray<number>): number =>
  widths.reduce((sum, width) => sum + width, columnGap.length * Math.max(0, widths.length - 1))

const widestOf = (
  columns: ReadonlyArray<ColumnWidth>,
  widths: ReadonlyArray<number>,
  rank: number,
): number | null => {
  let widest: number | null = null
  columns.forEach((column, index) => {
    const width = widths[index] ?? 0
    if (column.rank !== rank || column.least === null || width <= column.least) return
    if (widest === null || width > (widths[widest] ?? 0)) widest = index
  })
  return widest
}
