import type { Items } from "./Items.js"

/** The radix: two bytes of a time are sorted at once. */
const radix = 0x1_0000

/**
 * Sorts `items` in place, latest first. The sort is stable, and times are whole numbers.
 * A radix sort, since a comparing sort of two million events takes more than a second.
 */
export const sortLatestFirst = (items: Items, timeOf: (item: number) => number): void => {
  const times = new Float64Array(items.length)
  let latest = -Infinity
  let earliest = Infinity
  let isSorted = true
  for (let place = 0; place < times.length; place += 1) {
    const time = timeOf(items[place] ?? 0)
    times[place] = time
    if (time > (times[place - 1] ?? Infinity)) isSorted = false
    if (time > latest) latest = time
    if (time < earliest) earliest = time
  }
  if (isSorted) return
  if (items.length < 4096) {
    const places = Array.from(items.keys()).toSorted(
      (left, right) => (times[right] ?? 0) - (times[left] ?? 0),
    )
    items.set(places.map((place) => items[place] ?? 0))
    return
  }
  let from = new Uint32Array(items.length)
  for (let place = 0; place < from.length; place += 1) from[place] = place
  let to = new Uint32Array(items.length)
  const starts = new Uint32Array(radix + 1)
  for (let unit = 1; unit <= latest - earliest; unit *= radix) {
    const digitOf = (place: number) => Math.floor((latest - (times[place] ?? 0)) / unit) % radix
    starts.fill(0)
    for (let place = 0; place < from.length; place += 1) {
      const next = digitOf(place) + 1
      starts[next] = (starts[next] ?? 0) + 1
    }
    for (let digit = 1; digit <= radix; digit += 1)
      starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0)
    for (let turn = 0; turn < from.length; turn += 1) {
      const place = from[turn] ?? 0
      const digit = digitOf(place)
      const start = starts[digit] ?? 0
      to[start] = place
      starts[digit] = start + 1
    }
    ;[from, to] = [to, from]
  }
  const unsorted = items.slice()
  for (let place = 0; place < items.length; place += 1)
    items[place] = unsorted[from[place] ?? 0] ?? 0
}

/** The first place at or before `bound` in a list sorted latest first. */
const firstAtOrBefore = (items: Items, timeOf: (item: number) => number, bound: number): number => {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (timeOf(items[middle] ?? 0) <= bound) high = middle
    else low = middle + 1
  }
  return low
}

/** A part of a sorted list, from `from` up to before `to`. */
export interface Range {
  readonly items: Items
  readonly from: number
  readonly to: number
}

/** The part of a list sorted latest first that lies within two inclusive bounds. */
export const between = (
  items: Items,
  timeOf: (item: number) => number,
  earliest: number,
  latest: number,
): Range => {
  const from = latest === Infinity ? 0 : firstAtOrBefore(items, timeOf, latest)
  const to = earliest === -Infinity ? items.length : firstAtOrBefore(items, timeOf, earliest - 1)
  return { items, from, to: Math.max(from, to) }
}

/** A page of a range. */
export const pageOf = ({ items, from, to }: Range, offset: number, limit: number): Range => {
  const first = Math.min(from + offset, to)
  return { items, from: first, to: Math.min(first + limit, to) }
}

/** The items of a range, in its order. */
export const itemsIn = ({ items, from, to }: Range): Array<number> =>
  Array.from(items.subarray(from, to))

/**
 * The items of a page of a range, whose ties `tieOf` sorts. A database without an order inside a tie may sort it anew
 * for each request.
 */
export const pageOfTies = (
  page: Range,
  range: Range,
  timeOf: (item: number) => number,
  tieOf: (item: number) => number,
): Array<number> => {
  const { items, from, to } = page
  if (from === to) return []
  const time = (place: number) => timeOf(items[place] ?? 0)
  let first = from
  while (first > range.from && time(first - 1) === time(from)) first -= 1
  let last = to
  while (last < range.to && time(last) === time(to - 1)) last += 1
  return Array.from(items.subarray(first, last))
    .toSorted((left, right) => timeOf(right) - timeOf(left) || tieOf(left) - tieOf(right))
    .slice(from - first, to - first)
}
