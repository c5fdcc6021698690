import type { StatisticDimension, StatisticFigures, StatisticGroup } from "@execlog/core/statistics"
import { type Segment, emptyCell, plain, safeCell, styledLine } from "../../formats/Cell.js"
import { countText, durationText, rateText } from "../../formats/Figure.js"
import { areFromSeveral, fromText, workflowText } from "../../formats/Origin.js"
import { type GridColumn, gridText, textColumn } from "../../formats/TextGrid.js"

const mostRows = 50
const widestBar = 30

/** The groups as a table, for people. */
export const groupTable = (
  by: ReadonlyArray<StatisticDimension>,
  groups: ReadonlyArray<StatisticGroup>,
  width: number,
  hasColors: boolean,
): string => {
  // Show the latest of times, and the largest of other groups, which come first.
  const isByTime = by[0] === "day" || by[0] === "hour"
  const shown = isByTime ? groups.slice(-mostRows) : groups.slice(0, mostRows)
  const hidden = groups.length - shown.length
  const columns = [...keyColumns(by, shown, width), ...figureColumns(shown, hasColors)]
  const more = `${countText(hidden)} ${isByTime ? "earlier" : "smaller"} groups are not shown; --format csv has all.`
  return (
    gridText(columns, shown.length, width, hasColors) +
    (hidden === 0 ? "" : styledLine([{ text: more, style: "dim" }], width, hasColors)) +
    styledLine(barLegend(hasColors), width, hasColors)
  )
}

const keyColumns = (
  by: ReadonlyArray<StatisticDimension>,
  groups: ReadonlyArray<StatisticGroup>,
  width: number,
): ReadonlyArray<GridColumn> => {
  const key = (title: string, textOf: (group: StatisticGroup) => string) =>
    textColumn(title, groups.map(textOf), { least: 6, comfortable: 20 })
  const time = (title: string, textOf: (group: StatisticGroup) => string | null | undefined) =>
    textColumn(
      title,
      groups.map((group) => textOf(group)?.replace("T", " ") ?? "no time"),
    )
  const from = key("FROM", (group) => fromText(group, width))
  return by.flatMap((dimension) => {
    switch (dimension) {
      case "provider":
        return by.includes("connection")
          ? []
          : [key("PROVIDER", ({ provider }) => safeCell(provider ?? emptyCell))]
      case "connection":
        return [from]
      case "workflow": {
        const isFromSaid = by.includes("connection") || !areFromSeveral(groups)
        return [key("WORKFLOW", workflowText), ...(isFromSaid ? [] : [from])]
      }
      case "day":
        return by.includes("hour") ? [] : [time("DAY", ({ day }) => day)]
      case "hour":
        return [time("HOUR", ({ hour }) => hour)]
    }
  })
}

const figureColumns = (
  groups: ReadonlyArray<StatisticGroup>,
  hasColors: boolean,
): ReadonlyArray<GridColumn> => {
  const greatest = Math.max(...groups.map(({ count }) => count))
  const figures = (
    title: string,
    textOf: (group: StatisticGroup) => string,
    leftOut?: number,
    isRed?: (group: StatisticGroup) => boolean,
  ) =>
    textColumn(title, groups.map(textOf), {
      align: "right",
      ...(leftOut === undefined ? {} : { leftOut }),
      style: (row) => {
        const group = groups[row]
        return group !== undefined && isRed?.(group) === true ? "red" : null
      },
    })
  const bar: GridColumn = {
    title: "",
    align: "left",
    natural: widestBar,
    least: 6,
    comfortable: 8,
    leftOut: 5,
    rank: 0,
    draw: (row, width) => {
      const group = groups[row]
      if (group === undefined) return [plain(" ".repeat(width))]
      const length = Math.max(1, Math.round((group.count / greatest) * width))
      return [...shareBar(group, length, hasColors), plain(" ".repeat(width - length))]
    },
  }
  return [
    figures("COUNT", ({ count }) => countText(count)),
    bar,
    figures("SUCCESS", ({ successRate }) => rateText(successRate)),
    figures(
      "FAILED",
      ({ failures }) => countText(failures),
      undefined,
      ({ failures }) => failures > 0,
    ),
    figures("MEDIAN", ({ medianMs }) => durationText(medianMs), 4),
    figures("P95", ({ p95Ms }) => durationText(p95Ms), 3),
    figures("P99", ({ p99Ms }) => durationText(p99Ms), 2),
    ...(groups.every(({ totalTokens }) => totalTokens === null)
      ? []
      : [figures("TOKENS", ({ totalTokens }) => countText(totalTokens), 1)]),
  ]
}

/** The parts of a bar: a coloured block, or a distinct character without colours. */
const kinds = [
  { name: "succeeded", style: "green", colored: "█", plain: "█" },
  { name: "other", style: "dim", colored: "░", plain: "░" },
  { name: "failed or timed out", style: "red", colored: "█", plain: "×" },
] as const

/** A bar of the shares that succeeded, failed, and neither, within a width. */
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

/** The legend of the bars. */
const barLegend = (hasColors: boolean): ReadonlyArray<Segment> =>
  kinds.flatMap(({ name, style, colored, plain }) => [
    { text: hasColors ? colored : plain, style },
    { text: ` ${name}   `, style: "dim" },
  ])

/** The number of cells for each part. A small part gets at least one, if there is room. */
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
