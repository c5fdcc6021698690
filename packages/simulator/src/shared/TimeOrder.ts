const DIGIT = 0x1_0000

/**
 * Sorts `items` in place, latest first, those of equal time in the order they came in. Times are whole numbers.
 * A radix sort, since a comparing one of two million events takes more than a second.
 */
export const sortLatestFirst = (
  items: Uint32Array<ArrayBuffer>,
  timeOf: (item: number) => number,
): void => {
  const times = new Float64Array(items.length)
  let latest = -Infinity
  let earliest = Infinity
  let sorted = true
  for (let place = 0; place < times.length; place += 1) {
    const time = timeOf(items[place] ?? 0)
    times[place] = time
    if (time > (times[place - 1] ?? Infinity)) sorted = false
    if (time > latest) latest = time
    if (time < earliest) earliest = time
  }
  if (sorted) return
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
  const starts = new Uint32Array(DIGIT + 1)
  for (let unit = 1; unit <= latest - earliest; unit *= DIGIT) {
    const digitOf = (place: number): number =>
      Math.floor((latest - (times[place] ?? 0)) / unit) % DIGIT
    starts.fill(0)
    for (let place = 0; place < from.length; place += 1) {
      const next = digitOf(place) + 1
      starts[next] = (starts[next] ?? 0) + 1
    }
    for (let digit = 1; digit <= DIGIT; digit += 1)
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

/** The first place, in a list sorted latest first, whose time is at or before `bound`. */
const firstAtOrBefore = (
  items: Uint32Array<ArrayBuffer>,
  timeOf: (item: number) => number,
  bound: number,
): number => {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (timeOf(items[middle] ?? 0) <= bound) high = middle
    else low = middle + 1
  }
  return low
}

/** A part of a sorted list. */
export interface Range {
  readonly items: Uint32Array<ArrayBuffer>
  readonly from: number
  readonly to: number
}

/** What of a list sorted latest first lies within two inclusive bounds. */
export const between = (
  items: Uint32Array<ArrayBuffer>,
  timeOf: (item: number) => number,
  earliest: number,
  latest: number,
): Range => {
  const from = latest === Infinity ? 0 : firstAtOrBefore(items, timeOf, latest)
  const to = earliest === -Infinity ? items.length : firstAtOrBefore(items, timeOf, earliest - 1)
  return { items, from, to: Math.max(from, to) }
}

/** A page of a range, whose ties `tieOf` sorts: a database without an order inside a tie may sort it anew for each request. */
export const pageOfTies = (
  page: Range,
  range: Range,
  timeOf: (item: number) => number,
  tieOf: (item: number) => number,
): number[] => {
  const { items, from, to } = page
  if (from === to) return []
  const time = (place: number): number => timeOf(items[place] ?? 0)
  let first = from
  while (first > range.from && time(first - 1) === time(from)) first -= 1
  let last = to
  while (last < range.to && time(last) === time(to - 1)) last += 1
  return Array.from(items.subarray(first, last))
    .toSorted((left, right) => timeOf(right) - timeOf(left) || tieOf(left) - tieOf(right))
    .slice(from - first, to - first)
}
