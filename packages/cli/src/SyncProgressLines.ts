import type { SyncProgress } from "@execlog/store"
import { humanInstant } from "./HumanTime.js"
import type { Progress } from "./Progress.js"
import { terminalText } from "./TerminalText.js"

/** A line of progress for each connection that is synced. */
export interface SyncProgressLines {
  readonly show: (label: string, progress: SyncProgress, seconds: number) => void
  readonly end: (label: string) => void
}

/** Lines of progress, one below the other. */
export const makeSyncProgress = (progress: Progress): SyncProgressLines => {
  const lines = new Map<string, string>()
  const draw = () => progress.show([...lines.values()].join("\n"))
  return {
    show: (label, reached, seconds) => {
      lines.set(label, terminalText(progressText(label, reached, seconds)))
      draw()
    },
    end: (label) => {
      lines.delete(label)
      if (lines.size === 0) progress.stop()
      else draw()
    },
  }
}

/** Executions, rate, the time reached, and what remains where the provider tells how many there are. */
const progressText = (
  label: string,
  { added, changed, unchanged, reached, total, pass }: SyncProgress,
  seconds: number,
): string => {
  const read = added + changed + unchanged
  const rate = seconds > 0 ? Math.round(read / seconds) : read
  return [
    `${label}: ${count(read)} executions`,
    `${count(rate)}/s`,
    ...(reached === null ? [] : [`back to ${humanInstant(reached)}`]),
    ...(pass !== "history" || total === null || total <= read
      ? []
      : [`${count(total - read)} remain`]),
  ].join(", ")
}

const count = (value: number): string => value.toLocaleString("en-US")
