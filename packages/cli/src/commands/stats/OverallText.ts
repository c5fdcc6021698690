import { executionStatuses } from "@execlog/core"
import type { StatisticFigures } from "@execlog/core/statistics"
import {
  type Segment,
  cellWidth,
  emptyCell,
  padToWidth,
  plain,
  statusStyle,
  styledLine,
} from "../../formats/Cell.js"
import { countText, durationText, rateText } from "../../formats/Figure.js"
import { humanDuration, humanInstant } from "../../text/HumanTime.js"
import { shareBar } from "./GroupTable.js"

/** A figure with its name and details. */
interface Line {
  readonly name: string
  readonly figure: Segment
  /** Continues on the next line if there is not enough room. */
  readonly details: ReadonlyArray<Segment>
}

const widestBar = 40
// With less room than this beside the figures, the details go below them.
const leastBeside = 22
const gap = "  "

/** The figures of all executions together, for people. */
export const overallText = (
  overall: StatisticFigures,
  width: number,
  hasColors: boolean,
): string => {
  const lines = linesOf(overall)
  const nameWidth = Math.max(...lines.map(({ name }) => name.length))
  const figureWidth = Math.max(...lines.map(({ figure }) => cellWidth(figure.text)))
  const beside = nameWidth + figureWidth + 2 * gap.length
  const isBeside = width - beside >= leastBeside
  const indent = isBeside ? beside : gap.length
  const bar = shareBar(overall, Math.max(1, Math.min(widestBar, width - indent)), hasColors)
  return lines
    .flatMap(({ name, figure, details }) => {
      const head = [
        plain(padToWidth(name, nameWidth, "left") + gap),
        { ...figure, text: padToWidth(figure.text, figureWidth, "right") },
      ]
      const more = name === rateName ? [bar] : wrapped(details, width - indent)
      const [first = [], ...rest] = isBeside ? more : [[], ...more]
      const indented = rest.map((segments) => [plain(" ".repeat(indent)), ...segments])
      return [[...head, plain(gap), ...first], ...indented]
    })
    .map((segments) => styledLine(segments, width, hasColors))
    .join("")
}

const rateName = "success rate"

const linesOf = (overall: StatisticFigures): ReadonlyArray<Line> => {
  const { count, failures, byStatus, firstTimestamp: first, lastTimestamp: last } = overall
  const statuses = executionStatuses.filter((status) => byStatus[status] > 0)
  const figure = (text: string, isBad = false): Segment => ({
    text,
    style: isBad ? ["bold", "red"] : "bold",
  })
  return [
    {
      name: "executions",
      figure: figure(countText(count)),
      details: statuses
        .toSorted((a, b) => byStatus[b] - byStatus[a])
        .map((status, index) => ({
          text: `${countText(byStatus[status])} ${status}${index + 1 < statuses.length ? "," : ""}`,
          style: statusStyle(status),
        })),
    },
    { name: rateName, figure: figure(rateText(overall.successRate)), details: [] },
    { name: "failures", figure: figure(countText(failures), failures > 0), details: [] },
    {
      name: "duration",
      figure: figure(durationText(overall.medianMs)),
      details:
        overall.medianMs === null
          ? []
          : [
              plain("median,"),
              plain(`p95 ${durationText(overall.p95Ms)},`),
              plain(`p99 ${durationText(overall.p99Ms)}`),
            ],
    },
    { name: "tokens", figure: figure(countText(overall.totalTokens)), details: [] },
    first === null || last === null
      ? { name: "period", figure: figure(emptyCell), details: [] }
      : {
          name: "period",
          figure: figure(humanDuration(last.getTime() - first.getTime())),
          details: [plain(`${humanInstant(first)} to`), plain(humanInstant(last))],
        },
  ]
}

/** Joins parts with spaces, and wraps them into lines. */
const wrapped = (
  parts: ReadonlyArray<Segment>,
  width: number,
): ReadonlyArray<ReadonlyArray<Segment>> => {
  if (parts.length === 0) return []
  const lines: Array<Array<Segment>> = [[]]
  let taken = 0
  for (const part of parts) {
    const own = cellWidth(part.text)
    if (taken > 0 && taken + 1 + own > width) {
      lines.push([])
      taken = 0
    }
    lines.at(-1)?.push(...(taken === 0 ? [] : [plain(" ")]), part)
    taken += (taken === 0 ? 0 : 1) + own
  }
  return lines
}
