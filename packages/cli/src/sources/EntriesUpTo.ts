import type { ReadEntry } from "./ExecutionSource.js"
import type { Session } from "../session/Session.js"

/**
 * The first entries, up to a limit that is null where there is none, with progress while they are
 * read. They end as well where the user interrupts.
 */
export async function* entriesUpTo(
  limit: number | null,
  entries: AsyncIterable<ReadEntry>,
  { notices: { progress }, interruption }: Session,
): AsyncGenerator<ReadEntry, void, undefined> {
  let count = 0
  progress.show("reading")
  try {
    for await (const entry of entries) {
      if (interruption.aborted) return
      yield entry
      count += 1
      progress.show(`reading: ${count} executions`)
      if (count === limit) return
    }
  } finally {
    progress.stop()
  }
}
