import { reportFailure } from "../src/session/Failure.js"
import type { Notices } from "../src/session/Notices.js"

/** The message and the hint, or null, that the program prints for an error. */
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
