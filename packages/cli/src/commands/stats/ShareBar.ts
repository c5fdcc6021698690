import type { StatisticFigures } from "@execlog/core"
import type { Segment } from "../../formats/StyledLine.js"

/** What a bar is made of: a block in a colour, or a character of its own where there are none. */
const kinds = [
  { name: "succeeded", style: "green", colored: "█", plain: "█" },
  { name: "other", style: "dim", colored: "░", plain: "░" },
  { name: "failed or timed out", style: "red", colored: "█", plain: "×" },
] as const

/** A bar of what succeeded, what failed, and all else; never longer than its width. */
export const shareBar = (
  { count, succeeded, failures }: StatisticFigures,
  width: number,
  hasColors: boolean,
): ReadonlyArray<Segment> => {
  const cells = sharesOf([succeeded, count - succeeded - failures, failures], width)
  return kinds.map(({ style, colored, plain }, index) => ({
    text: (hasColors ? colored : plain).repeat(cells[index] ?? 0),
    style,
  }))
}

/** What the parts of a bar mean. */
export const barLegend = (hasColors: boolean): ReadonlyArray<Segment> =>
  kinds.flatMap(({ name, style, colored, plain }) => [
    { text: hasColors ? colored : plain, style },
    { text: ` ${name}   `, style: "dim" },
  ])

/** So many cells for each part. A small part is seen as well, as far as there is room. */
const sharesOf = (parts: ReadonlyArray<number>, width: number): ReadonlyArray<number> => {
  const total = parts.reduce((sum, part) => sum + part, 0)
  if (total === 0) return parts
  const exact = parts.map((part) => (part / total) * width)
  const cells = exact.map((share) => (share === 0 ? 0 : Math.max(1, Math.floor(share))))
  const off = () => width - cells.reduce((sum, cell) => sum + cell, 0)
  while (off() !== 0) {
    const step = Math.sign(off())
    const lacks = exact.map((share, index) => {
      const cell = cells[index] ?? 0
      const mayChange = step > 0 ? share > 0 : cell > 0
      return mayChange ? (share - cell) * step : Number.NEGATIVE_INFINITY
    })
    const most = lacks.indexOf(Math.max(...lacks))
    cells[most] = (cells[most] ?? 0) + step
  }
  return cells
}
