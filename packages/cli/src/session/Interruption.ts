import { ExitCode } from "./ExitCode.js"

// Long enough to report what was read and how to resume, even on a busy machine. A second Ctrl-C
// ends at once.
const patienceMs = 2000

/** A signal that aborts on Ctrl-C. A second Ctrl-C, or a stop that takes too long, exits at once. */
export const watchInterruption = (): AbortSignal => {
  const controller = new AbortController()
  process.on("SIGINT", () => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted)
    controller.abort()
    setTimeout(() => process.exit(ExitCode.interrupted), patienceMs).unref()
  })
  return controller.signal
}

/**
 * A signal that aborts on the first SIGTERM, or on the one with the given count. After the second, the
 * program has a moment to end the command it runs; then the signal kills it.
 */
export const watchTermination = (count = 1): AbortSignal => {
  const controller = new AbortController()
  let seen = 0
  process.on("SIGTERM", () => {
    seen += 1
    if (seen === count) controller.abort()
    if (seen === 2) setTimeout(endBySignal, patienceMs).unref()
  })
  return controller.signal
}

const endBySignal = (): void => {
  process.removeAllListeners("SIGTERM")
  process.kill(process.pid, "SIGTERM")
}

/** Waits for a time, or until a signal is aborted. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener("abort", end, { once: true })
  })

/**
 * Undoes something when the program exits or receives one of these signals, which then ends it as
 * usual. Returns a function that cancels this.
 */
export const undoAtExit = (
  undo: () => void,
  signals: ReadonlyArray<NodeJS.Signals>,
): (() => void) => {
  const cancel = () => {
    process.off("exit", undo)
    for (const signal of signals) process.off(signal, end)
  }
  const end = (signal: NodeJS.Signals) => {
    cancel()
    undo()
    process.kill(process.pid, signal)
  }
  process.on("exit", undo)
  for (const signal of signals) process.on(signal, end)
  return cancel
}
