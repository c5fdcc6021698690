/**
 * Percentiles by nearest rank: of n values, the one at place ceil(percent / 100 · n) in their order.
 * Null for each where there is no value. Exchanges the places of the values.
 */
export const nearestRanks = (
  values: Float64Array,
  percents: ReadonlyArray<number>,
): ReadonlyArray<number | null> =>
  percents.map((percent) =>
    values.length === 0
      ? null
      : select(values, Math.max(0, Math.ceil((percent * values.length) / 100) - 1)),
  )

/**
 * The value that a sort would put at a place, with none greater before it and none smaller after:
 * quickselect, since a sort of a million takes many times as long.
 */
const select = (values: Float64Array, place: number): number => {
  let low = 0
  let high = values.length - 1
  // By then few are left, unless the values make bad pivots again and again.
  let patience = Math.ceil(Math.log2(values.length))
  while (low < high) {
    if (patience === 0) {
      values.subarray(low, high + 1).sort()
      break
    }
    patience -= 1
    const pivot = middleOf(at(values, low), at(values, (low + high) >>> 1), at(values, high))
    let left = low
    let right = high
    while (left <= right) {
      while (at(values, left) < pivot) left += 1
      while (at(values, right) > pivot) right -= 1
      if (left > right) break
      const exchanged = at(values, left)
      values[left] = at(values, right)
      values[right] = exchanged
      left += 1
      right -= 1
    }
    if (place <= right) high = right
    else if (place >= left) low = left
    else break
  }
  return at(values, place)
}

const at = (values: Float64Array, index: number): number => values[index] ?? 0

const middleOf = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
