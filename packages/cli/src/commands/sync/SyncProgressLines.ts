import type { SyncProgress } from "@execlog/store"
import { countText } from "../../formats/Figure.js"
import { humanInstant } from "../../text/HumanTime.js"
import type { Progress } from "../../session/Progress.js"
import { terminalText } from "../../text/TerminalText.js"

/** A line of progress for each connection that is synced. */
export interface SyncProgressLines {
  readonly begin: (label: string) => void
  readonly show: (label: string, progress: SyncProgress, seconds: number) => void
  readonly end: (label: string) => void
}

interface Line {
  readonly text: string
  readonly read: number
  /** What had been read when the history began; null before. */
  readonly before: number | null
  /** What will have been read at the end; null where the provider does not say how many there are. */
  readonly expected: number | null
}

const nothingRead = { read: 0, before: null, expected: null }

/** Lines of progress, one below the other. */
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

/** A provider may tell the total with the first page of a walk alone. */
const lineAfter = (
  line: Omit<Line, "text"> = nothingRead,
  { added, changed, unchanged, total, pass }: SyncProgress,
): Omit<Line, "text"> => {
  const read = added + changed + unchanged
  if (pass !== "history") return { ...line, read }
  const before = line.before ?? line.read
  return { read, before, expected: total === null ? line.expected : before + total }
}

/** Executions, rate, the time reached, and what remains where the provider tells how many there are. */
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
