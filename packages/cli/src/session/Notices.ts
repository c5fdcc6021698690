import type { Progress } from "./Progress.js"
import { terminalText } from "../text/TerminalText.js"

/** What is said beside the data, on stderr. */
export interface Notices {
  readonly progress: Progress
  /** A line as it stands; what others wrote in it must have been made safe. */
  readonly say: (line: string) => void
  /** Something that the user should know. */
  readonly warn: (text: string) => void
  /** Something that has turned out well. */
  readonly tell: (text: string) => void
  /** What went wrong, and what to do about it. */
  readonly fail: (message: string, hint: string | null) => void
}

/** What notices need of a stream. */
export interface NoticeStream {
  readonly on: (event: "error", listener: () => void) => unknown
  readonly write: (text: string) => unknown
}

/** Notices on a stream that may share its terminal with the data. */
export const makeNotices = (stream: NoticeStream, progress: Progress): Notices => {
  // Nobody reads them: no reason to stop, and nowhere to say so.
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
