const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const clearLine = "\r\u001b[2K"
const delayMs = 300
const intervalMs = 100

/** A line that says that something is under way, while a person waits. */
export interface Progress {
  /** What to say; shown after a moment, if it still takes that long. */
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
  let isDrawn = false
  const clear = () => {
    if (isDrawn) stream.write(clearLine)
    isDrawn = false
  }
  const draw = () => {
    if (Date.now() - start < delayMs) return
    frame = (frame + 1) % frames.length
    stream.write(
      `${clearLine}${frames[frame]} ${text}`.slice(0, clearLine.length + stream.columns - 1),
    )
    isDrawn = true
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
