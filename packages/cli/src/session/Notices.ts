import type { Progress } from "./Progress.js"
import { terminalText } from "../text/TerminalText.js"

/** Messages on stderr, beside the data on stdout. */
export interface Notices {
  readonly progress: Progress
  /** Prints a line unchanged; foreign text in it must be safe for a terminal. */
  readonly say: (line: string) => void
  /** Prints a warning. */
  readonly warn: (text: string) => void
  /** Prints a message that is not a problem. */
  readonly tell: (text: string) => void
  /** Prints what went wrong, and what to do about it. */
  readonly fail: (message: string, hint: string | null) => void
}

/** The part of a stream that notices use. */
export interface NoticeStream {
  readonly on: (event: "error", listener: () => void) => unknown
  readonly write: (text: string) => unknown
}

/** Prints notices on a stream that may share its terminal with the data. */
export const makeNotices = (stream: NoticeStream, progress: Progress): Notices => {
  // A closed stderr is not a reason to stop, and cannot be reported.
  stream.on("error", () => {})
  const say = (line: string) => {
    progress.clear()
    stream.write(`${line}\n`)
  }
  return {
    progress,
    say,
    warn: (text) => say(`execlog: warning: ${terminalText(text)}`),
    tell: (text) => say(`execlog: ${terminalText(text)}`),
    fail: (message, hint) => {
      say(`execlog: ${terminalText(message)}`)
      if (hint !== null) say(`  ${terminalText(hint)}`)
    },
  }
}
