import type { Output } from "../session/Output.js"

/** Buffers text, so that several pieces are written at once. */
export interface GatheredWrites {
  /** Adds a piece. Rejects if an earlier one could not be written. */
  readonly write: (text: string) => Promise<void>
  /** Writes the buffered text. */
  readonly flush: () => Promise<void>
}

const mostHeld = 64 * 1024

/**
 * Combines the pieces of one turn of the event loop, such as the lines of a page, into one write. Separate
 * writes would take longer than reading.
 */
export const gatherWrites = (output: Pick<Output, "write">): GatheredWrites => {
  let held = ""
  let due: NodeJS.Immediate | null = null
  let written = Promise.resolve()
  const flush = () => {
    if (due !== null) clearImmediate(due)
    due = null
    if (held === "") return written
    const text = held
    held = ""
    written = written.then(() => output.write(text))
    // The next write rejects with it.
    written.catch(() => {})
    return written
  }
  return {
    write: async (text) => {
      held += text
      if (held.length >= mostHeld) return flush()
      if (due !== null) return
      // At most one write is pending, so that a slow reader slows the writer down.
      await written
      due = setImmediate(() => void flush())
    },
    flush,
  }
}
