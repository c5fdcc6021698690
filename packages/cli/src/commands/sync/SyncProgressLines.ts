import type { SyncProgress } from "@execlog/store"
import { countText } from "../../formats/Figure.js"
import type { Progress } from "../../session/Progress.js"
import { humanInstant } from "../../text/HumanTime.js"
import { terminalText } from "../../text/TerminalText.js"

/** A line of progress for each connection. */
export interface SyncProgressLines {
  readonly begin: (label: string) => void
  readonly show: (label: string, progress: SyncProgress, seconds: number) => void
  readonly end: (label: string) => void
}

interface Line {
  readonly text: string
  readonly read: number
  /** The number read before the history began; null until then. */
  readonly before: number | null
  /** The number expected at the end; null if the provider gives no total. */
  readonly expected: number | null
}

const nothingRead = { read: 0, before: null, expected: null }

/** Shows the lines one below the other. */
export const makeSyncProgress = (progress: Progress): SyncProgressLines => {
  const lines = new Map<string, Line>()
  const draw = () => progress.show([...lines.values()].map(({ text }) => text).join("\n"))
  return {
    begin: (label) => {
      lines.set(label, { text: terminalText(`${label}: reading`), ...nothingRead })
      draw()
    },
    show: (label, reached, seconds) => {
      const line = lineAfter(lines.get(label), reached)
      const text = terminalText(progressText(label, line, reached.reached, seconds))
      lines.set(label, { ...line, text })
      draw()
    },
    end: (label) => {
      lines.delete(label)
      if (lines.size === 0) progress.stop()
      else draw()
    },
  }
}

/** The next state of a line. A provider may give the total only with the first page. */
const lineAfter = (
  line: Omit<Line, "text"> = nothingRead,
  { added, changed, unchanged, total, pass }: SyncProgress,
): Omit<Line, "text"> => {
  const read = added + changed + unchanged
  if (pass !== "history") return { ...line, read }
  const before = line.before ?? line.read
  return { read, before, expected: total === null ? line.expected : before + total }
}

/** The number of executions, the rate, the time reached, and what remains if the total is known. */
const progressText = (
  label: string,
  { read, expected }: Pick<Line, "read" | "expected">,
  reached: Date | null,
  seconds: number,
): string => {
  const rate = seconds > 0 ? Math.round(read / seconds) : read
  return [
    `${label}: ${countText(read)} executions`,
    `${countText(rate)}/s`,
    ...(reached === null ? [] : [`back to ${humanInstant(reached)}`]),
    ...(expected === null || expected <= read ? [] : [`${countText(expected - read)} remain`]),
  ].join(", ")
}
