import { terminalText } from "../text/TerminalText.js"
import type { Progress } from "./Progress.js"

/** Messages on stderr, beside the data on stdout. */
export interface Notices {
  readonly progress: Progress
  /** Prints a line unchanged; foreign text in it must be safe for a terminal. */
  readonly print: (line: string) => void
  /** Prints a warning. */
  readonly warn: (text: string) => void
  /** Prints a message that is not a problem. */
  readonly info: (text: string) => void
  /** Prints an error, and what to do about it. */
  readonly error: (message: string, hint: string | null) => void
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
  const print = (line: string) => {
    progress.clear()
    stream.write(`${line}\n`)
  }
  return {
    progress,
    print,
    warn: (text) => print(`execlog: warning: ${terminalText(text)}`),
    info: (text) => print(`execlog: ${terminalText(text)}`),
    error: (message, hint) => {
      print(`execlog: ${terminalText(message)}`)
      if (hint !== null) print(`  ${terminalText(hint)}`)
    },
  }
}
