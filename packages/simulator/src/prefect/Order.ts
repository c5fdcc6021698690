import { sortLatestFirst } from "../shared/TimeOrder.js"

/** Prefect's orders of flow runs, the default first. */
export const RUN_SORTS = [
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

/** Those of task runs. */
export const TASK_SORTS = RUN_SORTS.filter((sort) => !sort.startsWith("START_TIME"))

/** What orders go by. */
export interface Sortable {
  readonly id: (item: number) => string
  /** A number by which the ids sort, as far as it tells them apart. */
  readonly idHead: (item: number) => number
  readonly name: (item: number) => string
  readonly expected: (item: number) => number
  readonly start: (item: number) => number | null
  readonly end: (item: number) => number | null
  readonly next: (item: number) => number | null
}

/** A number of each item: the order is from the largest to the least. */
export const sortKey = (
  sort: string,
  items: Uint32Array<ArrayBuffer>,
  of: Sortable,
): ((item: number) => number) => {
  const ascending = sort.endsWith("_ASC")
  const [field] = sort.split(/_(?:ASC|DESC)$/)
  const signed = (key: (item: number) => number): ((item: number) => number) =>
    ascending ? (item) => -key(item) : key
  switch (field) {
    case "START_TIME":
      return signed((item) => of.start(item) ?? of.expected(item))
    case "EXPECTED_START_TIME":
      return signed(of.expected)
    // SQLite takes null for the least of all.
    case "END_TIME":
      return signed((item) => of.end(item) ?? 0)
    case "NEXT_SCHEDULED_START_TIME":
      return signed((item) => of.next(item) ?? 0)
    case "NAME": {
      const names = new Set<string>()
      for (const item of items) names.add(of.name(item))
      const ranks = new Map([...names].toSorted().map((name, rank) => [name, rank]))
      return signed((item) => ranks.get(of.name(item)) ?? 0)
    }
    default:
      return of.idHead
  }
}

/** Sorts in place. Only the ids are a total order; elsewhere ties stay as they come. */
export const sortItems = (
  sort: string,
  items: Uint32Array<ArrayBuffer>,
  keyOf: (item: number) => number,
  of: Sortable,
): void => {
  sortLatestFirst(items, keyOf)
  if (sort !== "ID_DESC") return
  let from = 0
  while (from < items.length) {
    const key = keyOf(items[from] ?? 0)
    let to = from + 1
    while (to < items.length && keyOf(items[to] ?? 0) === key) to += 1
    if (to - from > 1) {
      const alike = Array.from(items.subarray(from, to), (item) => [of.id(item), item] as const)
      alike.sort(([left], [right]) => (left < right ? 1 : -1))
      for (const [place, [, item]] of alike.entries()) items[from + place] = item
    }
    from = to
  }
}
