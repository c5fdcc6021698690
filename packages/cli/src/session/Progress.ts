const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const clearLine = "\r\u001b[2K"
const lineUp = "\u001b[1A"
const delayMs = 300
const intervalMs = 100

/** Lines on a terminal that show progress while a person waits. */
export interface Progress {
  /** Sets the text, of one or more lines. It appears only after a moment. */
  readonly show: (text: string) => void
  /** Clears the lines, so that something can be printed. They reappear. */
  readonly clear: () => void
  /** Clears the lines for good. */
  readonly stop: () => void
}

const silent: Progress = { show: () => {}, clear: () => {}, stop: () => {} }

/** The part of a stream that progress uses. */
export interface ProgressStream {
  readonly isTTY: boolean
  readonly columns: number
  readonly rows: number
  readonly write: (text: string) => unknown
}

/**
 * Progress on a terminal; does nothing elsewhere. It never hides the cursor, so that
 * nothing has to be restored, however the program ends.
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
