/** Keeps the lists that recent queries selected, since each takes a walk over the whole history. */
export class IndexCache {
  readonly #capacity: number
  readonly #lists = new Map<string, Uint32Array<ArrayBuffer>>()

  constructor(capacity = 24) {
    this.#capacity = capacity
  }

  get(key: string, make: () => Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
    const list = this.#lists.get(key) ?? make()
    this.#lists.delete(key)
    this.#lists.set(key, list)
    if (this.#lists.size > this.#capacity) {
      for (const oldest of this.#lists.keys()) {
        this.#lists.delete(oldest)
        break
      }
    }
    return list
  }

  clear(): void {
    this.#lists.clear()
  }
}

/** The items that pass, in the order of the list. */
export const select = (
  items: Uint32Array<ArrayBuffer>,
  passes: (item: number) => boolean,
): Uint32Array<ArrayBuffer> => {
  const selected = new Uint32Array(items.length)
  let count = 0
  for (const item of items) {
    if (passes(item)) {
      selected[count] = item
      count += 1
    }
  }
  return selected.slice(0, count)
}
