import type { Items } from "./Items.js"

/** The lists that recent queries selected. Each list costs a scan of the whole history. */
export interface ListCache {
  /** Returns the list of this key; makes it when it is not cached. */
  readonly get: (key: string, make: () => Items) => Items
  readonly clear: () => void
}

/** Number of lists that are kept. */
const capacity = 24

/** An empty cache that drops the list whose last use is longest ago. */
export const makeListCache = (): ListCache => {
  const lists = new Map<string, Items>()
  return {
    get: (key, make) => {
      const list = lists.get(key) ?? make()
      lists.delete(key)
      lists.set(key, list)
      if (lists.size > capacity) {
        for (const oldest of lists.keys()) {
          lists.delete(oldest)
          break
        }
      }
      return list
    },
    clear: () => lists.clear(),
  }
}
