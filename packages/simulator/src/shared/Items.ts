/** Items by their numbers. A typed array, since a list may hold millions. */
export type Items = Uint32Array<ArrayBuffer>

/** The items that `collect` adds, at most so many. */
export const collectItems = (
  most: number,
  collect: (add: (item: number) => void) => void,
): Items => {
  const items = new Uint32Array(most)
  let count = 0
  collect((item) => {
    items[count] = item
    count += 1
  })
  return items.subarray(0, count)
}

/** The items that pass, in the order of the list. */
export const selectItems = (items: Items, passes: (item: number) => boolean): Items => {
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
