import type { Output } from "../session/Output.js"
import { cutToWidth, type Style, styled } from "./Cell.js"
import { columnGap } from "./ColumnWidths.js"

/** The cells of a row on one line, no wider than what is available. */
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
