import type { Items } from "../shared/Items.js"
import { sortLatestFirst } from "../shared/TimeOrder.js"

/** Prefect's orders of flow runs, the default first. */
export const runSorts = [
  "ID_DESC",
  "START_TIME_ASC",
  "START_TIME_DESC",
  "EXPECTED_START_TIME_ASC",
  "EXPECTED_START_TIME_DESC",
  "NAME_ASC",
  "NAME_DESC",
  "NEXT_SCHEDULED_START_TIME_ASC",
  "END_TIME_DESC",
] as const

/** Prefect's orders of task runs. */
export const taskSorts = runSorts.filter((sort) => !sort.startsWith("START_TIME"))

/** The values of an item by which it can be sorted. */
export interface Sortable {
  readonly id: (item: number) => string
  /** A number by which the ids sort, as far as 48 bits tell them apart. */
  readonly idHead: (item: number) => number
  readonly name: (item: number) => string
  readonly expected: (item: number) => number
  readonly start: (item: number) => number | null
  readonly end: (item: number) => number | null
  readonly next: (item: number) => number | null
}

/** The sort key of each item. The largest key comes first. */
export const sortKey = (sort: string, items: Items, by: Sortable): ((item: number) => number) => {
  const isAscending = sort.endsWith("_ASC")
  const [field] = sort.split(/_(?:ASC|DESC)$/)
  const signed = (key: (item: number) => number): ((item: number) => number) =>
    isAscending ? (item) => -key(item) : key
  switch (field) {
    case "START_TIME":
      return signed((item) => by.start(item) ?? by.expected(item))
    case "EXPECTED_START_TIME":
      return signed(by.expected)
    // SQLite sorts null below everything else.
    case "END_TIME":
      return signed((item) => by.end(item) ?? 0)
    case "NEXT_SCHEDULED_START_TIME":
      return signed((item) => by.next(item) ?? 0)
    case "NAME": {
      const names = new Set<string>()
      for (const item of items) names.add(by.name(item))
      const ranks = new Map([...names].toSorted().map((name, rank) => [name, rank]))
      return signed((item) => ranks.get(by.name(item)) ?? 0)
    }
    default:
      return by.idHead
  }
}

/** Sorts in place. Only ids are a total order: elsewhere ties keep their order. */
export const sortItems = (
  sort: string,
  items: Items,
  keyOf: (item: number) => number,
  by: Sortable,
): void => {
  sortLatestFirst(items, keyOf)
  if (sort !== "ID_DESC") return
  let from = 0
  while (from < items.length) {
    const key = keyOf(items[from] ?? 0)
    let to = from + 1
    while (to < items.length && keyOf(items[to] ?? 0) === key) to += 1
    if (to - from > 1) {
      const alike = Array.from(items.subarray(from, to), (item) => [by.id(item), item] as const)
      alike.sort(([left], [right]) => (left < right ? 1 : -1))
      for (const [place, [, item]] of alike.entries()) items[from + place] = item
    }
    from = to
  }
}
