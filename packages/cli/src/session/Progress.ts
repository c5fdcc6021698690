const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const clearLine = "\r\u001b[2K"
const lineUp = "\u001b[1A"
const delayMs = 300
const intervalMs = 100

/** A line or more that says that something is under way, while a person waits. */
export interface Progress {
  /** What to say, in one line or several; shown after a moment, if it still takes that long. */
  readonly show: (text: string) => void
  /** Takes the line away, so that something can be printed. It comes back by itself. */
  readonly clear: () => void
  /** Takes the line away for good. */
  readonly stop: () => void
}

const silent: Progress = { show: () => {}, clear: () => {}, stop: () => {} }

/** What progress needs of a stream; a terminal has it. */
export interface ProgressStream {
  readonly isTTY: boolean
  readonly columns: number
  readonly rows: number
  readonly write: (text: string) => unknown
}

/**
 * Progress on a terminal; none where the stream is no terminal. It never hides the cursor, so that
 * nothing has to be put right however the program ends.
 */
export const makeProgress = (stream: ProgressStream, environment: NodeJS.ProcessEnv): Progress => {
  if (!stream.isTTY || environment["TERM"] === "dumb") return silent
  const start = Date.now()
  let text = ""
  let timer: NodeJS.Timeout | null = null
  let frame = 0
  let drawn = 0
  const clear = () => {
    if (drawn > 0) stream.write(clearLine + `${lineUp}${clearLine}`.repeat(drawn - 1))
    drawn = 0
  }
  const draw = () => {
    if (Date.now() - start < delayMs) return
    frame = (frame + 1) % frames.length
    const lines = text
      .split("\n")
      // A line that has scrolled away cannot be cleared.
      .slice(0, stream.rows - 1)
      .map((line) => `${frames[frame]} ${line}`.slice(0, stream.columns - 1))
    clear()
    stream.write(clearLine + lines.join("\n"))
    drawn = lines.length
  }
  return {
    clear,
    show: (next) => {
      text = next
      timer ??= setInterval(draw, intervalMs).unref()
    },
    stop: () => {
      if (timer !== null) clearInterval(timer)
      timer = null
      clear()
    },
  }
}
