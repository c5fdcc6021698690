import type { LogPage, Rejected } from "./LogPage.js"

/** Who is told of what a page reports beside its executions. */
export interface ReportListeners {
  /** Is told of each item that could not be read. */
  readonly onRejected?: ((rejected: Rejected) => void) | undefined
  /** Is told of each warning. */
  readonly onWarning?: ((warning: string) => void) | undefined
}

/** Listeners, with stderr for those that are not given, so that nothing is lost in silence. */
export const listenersOr = ({
  onRejected = rejectedOnStderr,
  onWarning = onStderr,
}: ReportListeners): {
  readonly onRejected: (rejected: Rejected) => void
  readonly onWarning: (warning: string) => void
} => ({ onRejected, onWarning })

/** Tells what a page reports. */
export const reportPage = (
  page: Pick<LogPage, "rejected" | "warnings">,
  listeners: ReportListeners,
): void => {
  const { onRejected, onWarning } = listenersOr(listeners)
  for (const rejected of page.rejected) onRejected(rejected)
  for (const warning of page.warnings) onWarning(warning)
}

const rejectedOnStderr = ({ provider, index, id, reason }: Rejected): void => {
  onStderr(`${provider}: item ${index} (${id ?? "without id"}) was rejected: ${reason}`)
}

/** A line may quote the provider: what a terminal would obey in it is shown instead. */
const onStderr = (line: string): void => {
  const escaped = (character: string) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  console.error(line.replaceAll(/\p{Cc}/gu, escaped))
}
