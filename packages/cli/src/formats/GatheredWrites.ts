import type { Output } from "../session/Output.js"

/** Text that is written together. */
export interface GatheredWrites {
  /** Takes a piece. Rejects where an earlier one could not be written. */
  readonly write: (text: string) => Promise<void>
  /** Writes what is held. */
  readonly flush: () => Promise<void>
}

const mostHeld = 64 * 1024

/**
 * Writes pieces of text that come in the same turn of the event loop together, such as the lines of a page.
 * One by one they would take longer to write than to read.
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
    // Told to whoever writes next.
    written.catch(() => {})
    return written
  }
  return {
    write: async (text) => {
      held += text
      if (held.length >= mostHeld) return flush()
      if (due !== null) return
      // No more than one write is under way, so that a slow reader is waited for.
      await written
      due = setImmediate(() => void flush())
    },
    flush,
  }
}
