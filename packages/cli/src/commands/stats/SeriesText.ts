import type { TimeSeries } from "@execlog/core/statistics"
import { padToWidth, plain, styledLine } from "../../formats/Cell.js"
import { countText } from "../../formats/Figure.js"
import { humanInstant } from "../../text/HumanTime.js"

const names = { counts: "executions", failures: "failures" }
const nameWidth = names.counts.length + 2
const mostFigures = "  max 1,234,567".length

/** The number of columns of the sparklines. */
export const sparklineWidth = (width: number): number =>
  Math.max(2, width - nameWidth - mostFigures)

/** Executions and failures over time, for people. */
export const seriesText = (series: TimeSeries, width: number, hasColors: boolean): string => {
  const { bucketMs, from, counts, failures } = series
  if (from === null) return ""
  const lineOf = (name: string, values: ReadonlyArray<number>, style: "cyan" | "red") => {
    const line = sparkline(values, sparklineWidth(width))
    return [
      plain(padToWidth(name, nameWidth, "left")),
      ...line
        .split(/(·+)/)
        .map((text) => ({ text, style: text.startsWith("·") ? "dim" : style }) as const),
      { text: `  max ${countText(Math.max(...values))}`, style: "dim" } as const,
    ]
  }
  const last = new Date(from.getTime() + (counts.length - 1) * bucketMs)
  const taken = sparkline(counts, sparklineWidth(width)).length
  const [begin, end] = [instantText(from), instantText(last)]
  const axis =
    begin.length + end.length + 2 <= taken ? begin + end.padStart(taken - begin.length) : begin
  return [
    [{ text: `OVER TIME, by ${spanText(bucketMs)}`, style: "bold" } as const],
    lineOf(names.counts, counts, "cyan"),
    lineOf(names.failures, failures, "red"),
    [plain(" ".repeat(nameWidth)), { text: axis, style: "dim" } as const],
  ]
    .map((segments) => styledLine(segments, width, hasColors))
    .join("")
}

const instantText = (instant: Date): string =>
  humanInstant(instant)
    .replace(/:00Z$/, "Z")
    .replace(/ 00:00Z$/, "")

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const

/** A span as a whole number of units: 30 minutes, hour, 7 days. */
const spanText = (milliseconds: number): string => {
  const [name, size] = units.find(([, unit]) => milliseconds % unit === 0) ?? ["second", 1000]
  const count = milliseconds / size
  return count === 1 ? name : `${countText(count)} ${name}s`
}

const levels = "▁▂▃▄▅▆▇█"
const nothing = "·"

/**
 * Counts over time as bars in one line, scaled to the greatest. Zero is a dot, unlike any other
 * count. All counts have the same number of columns, as many as fit the width.
 */
export const sparkline = (counts: ReadonlyArray<number>, width: number): string => {
  const most = Math.max(1, ...counts)
  const columns = Math.max(1, Math.floor(width / Math.max(1, counts.length)))
  return counts
    .map((count) => (count === 0 ? nothing : levels[Math.ceil((count / most) * levels.length) - 1]))
    .map((level) => (level ?? nothing).repeat(columns))
    .join("")
}
