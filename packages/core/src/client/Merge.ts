import type { Entry } from "../reading/MapPage.js"
import { compareTimestamp } from "../model/Execution.js"
import type { Order } from "../model/LogQuery.js"

/** One of several streams that are merged. */
export interface MergeSource {
  readonly entries: AsyncIterable<Entry>
  /** Called when this source fails. The others continue. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Merges the executions of several connections by timestamp, then id, reading each only as far as
 * needed. Within a connection, the provider's order is kept.
 */
export async function* mergeByTimestamp(
  sources: ReadonlyArray<MergeSource>,
  order: Order = "newest",
): AsyncGenerator<Entry & { readonly source: number }, void, undefined> {
  const iterators = sources.map(({ entries }) => entries[Symbol.asyncIterator]())
  const pull = async (source: number): Promise<Head | null> => {
    try {
      const next = await iterators[source]?.next()
      return next === undefined || next.done === true ? null : { source, entry: next.value }
    } catch (error) {
      sources[source]?.onFailure(error)
      return null
    }
  }
  try {
    const heads = (await Promise.all(iterators.map((_, source) => pull(source)))).filter(isHead)
    while (heads.length > 0) {
      let best = 0
      for (let index = 1; index < heads.length; index++) {
        if (comesBefore(heads[index], heads[best], order)) best = index
      }
      const head = heads[best]
      if (head === undefined) return
      yield { ...head.entry, source: head.source }
      const next = await pull(head.source)
      if (next === null) heads.splice(best, 1)
      else heads[best] = next
    }
  } finally {
    await Promise.allSettled(iterators.map(async (iterator) => iterator.return?.()))
  }
}

interface Head {
  readonly source: number
  readonly entry: Entry
}

const isHead = (head: Head | null): head is Head => head !== null

const comesBefore = (a: Head | undefined, b: Head | undefined, order: Order): boolean => {
  if (a === undefined || b === undefined) return false
  const ahead = compareTimestamp(a.entry.execution, b.entry.execution)
  return order === "newest" ? ahead > 0 : ahead < 0
}
