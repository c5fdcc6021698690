import type { LogPage, Rejected } from "../model/LogPage.js"
import type { Warning } from "../model/Warning.js"

/** Callbacks for rejected items and warnings. */
export interface ReportListeners {
  /** Called for each item that could not be read. */
  readonly onRejected?: ((rejected: Rejected) => void) | undefined
  /** Called for each warning. */
  readonly onWarning?: ((warning: Warning) => void) | undefined
}

/** Where a reader reports. */
export interface Report {
  readonly onRejected: (rejected: Rejected) => void
  readonly onWarning: (warning: Warning) => void
}

/** The given listeners; stderr for those that are missing, so that nothing is lost silently. */
export const listenersOr = ({
  onRejected = rejectedOnStderr(),
  onWarning = ({ text }) => onStderr(text),
}: ReportListeners): Report => ({ onRejected, onWarning })

/** Reports the rejected items and warnings of a page. */
export const reportPage = (
  page: Pick<LogPage, "rejected" | "warnings">,
  { onRejected, onWarning }: Report,
): void => {
  for (const rejected of page.rejected) onRejected(rejected)
  for (const warning of page.warnings) onWarning(warning)
}

/** Rejected items that are reported one by one. */
const mostReported = 5

/**
 * A listener that reports the first few rejected items one by one, and then only their number, at
 * each tenfold, since a provider may send millions.
 */
export const summingRejected = (
  report: (rejected: Rejected) => void,
  reportRest: (count: number) => void,
): ((rejected: Rejected) => void) => {
  let reported = 0
  let more = 0
  let due = 1
  let isAwaited = false
  return (rejected) => {
    if (reported < mostReported) {
      reported += 1
      report(rejected)
      return
    }
    more += 1
    if (more < due || isAwaited) return
    isAwaited = true
    // Count those of the same page first.
    queueMicrotask(() => {
      isAwaited = false
      due = 10 * more
      reportRest(more)
    })
  }
}

const rejectedOnStderr = () => {
  let from = ""
  return summingRejected(
    ({ provider, connection, index, id, reason }) => {
      from = connection ?? provider
      onStderr(`${from}: item ${index} (${id ?? "without id"}) was rejected: ${reason}`)
    },
    (count) =>
      onStderr(`${from}: ${count} more rejected so far; the option onRejected receives each.`),
  )
}

/** A line may quote the provider: control characters are shown, and not sent to a terminal. */
const onStderr = (line: string): void => {
  const escaped = (character: string) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  console.error(line.replaceAll(/\p{Cc}/gu, escaped))
}
