/** A column of a table: how wide it is by itself, and how narrow it may become. */
export interface ColumnWidth {
  readonly natural: number
  /** Null: never narrower than it is by itself. */
  readonly least: number | null
  /** Columns of a lower rank give way first; those of one rank alike. */
  readonly rank: number
}

/** What stands between two columns. */
export const columnGap = "  "

/** The widths of all columns that fit what is available, as far as their least widths allow. */
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
