import { reportFailure } from "../src/session/Failure.js"
import type { Notices } from "../src/session/Notices.js"

/** What the program says of an error: the message, and the hint or null. */
export const reported = (error: Error, where: string | null): ReadonlyArray<string | null> => {
  const lines: Array<string | null> = []
  const nothing = () => {}
  const notices: Notices = {
    progress: { show: nothing, clear: nothing, stop: nothing },
    print: nothing,
    warn: nothing,
    info: nothing,
    error: (message, hint) => lines.push(message, hint),
  }
  reportFailure(notices, error, where)
  return lines
}
