import { type Items, selectItems } from "../shared/Items.js"
import { makeListCache } from "../shared/ListCache.js"
import { hash } from "../shared/Random.js"
import { between, itemsIn, pageOf, pageOfTies, type Range } from "../shared/TimeOrder.js"
import { boundsOn, idsWanted, type PrefectGroup } from "./Conditions.js"
import { runTest, taskTest } from "./Filters.js"
import type { PrefectHistory } from "./History.js"
import { type Sortable, sortItems, sortKey } from "./Order.js"
import type { PrefectQuery } from "./Query.js"
import type { PrefectTasks } from "./Tasks.js"

/** Order of rows of equal time: always the same, another for each query, or another for each page too. */
export type PrefectTies = "fixed" | "byQuery" | "shuffled"

/** The items that a query finds, largest key first. */
interface PrefectFound extends Range {
  readonly keyOf: (item: number) => number
}

/** The lists of flow runs and task runs of one history. */
export interface PrefectLists {
  readonly runs: (query: PrefectQuery) => PrefectFound
  readonly tasks: (query: PrefectQuery) => PrefectFound
  /** One page of what a query found. */
  readonly page: (found: PrefectFound, query: PrefectQuery) => ReadonlyArray<number>
  /** To be called when the history has changed. */
  readonly noteChange: () => void
}

const tieSalt = 91

const textHash = (text: string): number => {
  let value = 0
  for (let place = 0; place < text.length; place += 1)
    value = hash(value, text.charCodeAt(place), tieSalt)
  return value
}

/** The field that bounds a sorted list, by its sort. */
const boundFields: Readonly<Record<string, string>> = {
  START_TIME_ASC: "start_time",
  START_TIME_DESC: "start_time",
  EXPECTED_START_TIME_ASC: "expected_start_time",
  EXPECTED_START_TIME_DESC: "expected_start_time",
}

/** The lists of a history. They are cached until the history changes. */
export const makePrefectLists = (
  history: PrefectHistory,
  tasks: PrefectTasks,
  { flowNames, ties }: { readonly flowNames: ReadonlyArray<string>; readonly ties: PrefectTies },
): PrefectLists => {
  const cache = makeListCache()
  const keys = new Map<string, (run: number) => number>()
  const sortableRuns: Sortable = {
    id: history.idOf,
    idHead: history.idHeadOf,
    name: history.nameOf,
    expected: history.expectedOf,
    start: history.startOf,
    end: history.endOf,
    next: history.nextScheduledOf,
  }

  const runKeyOf = (sort: string) => {
    const key = keys.get(sort) ?? sortKey(sort, history.rows(), sortableRuns)
    keys.set(sort, key)
    return key
  }
  /** The rows that pass the filters, in order. */
  const selectRuns = (
    sort: string,
    flows: PrefectGroup | null,
    runs: PrefectGroup | null,
  ): Items => {
    const keyOf = runKeyOf(sort)
    const wanted = idsWanted(runs, "id")
    const passes = runTest(history, flows, runs, flowNames)
    if (wanted !== null) {
      // Searching a million rows for ids takes seconds.
      const rows = new Set(wanted.flatMap((id) => history.rowOf(id) ?? []))
      const items = Uint32Array.from([...rows].filter(passes))
      sortItems(sort, items, keyOf, sortableRuns)
      return items
    }
    const order = cache.get(sort, () => {
      const items = history.rows().slice()
      sortItems(sort, items, keyOf, sortableRuns)
      return items
    })
    if (flows === null && runs === null) return order
    return cache.get(JSON.stringify([sort, flows, runs]), () => selectItems(order, passes))
  }
  const tieOf = ({ limit, offset, ...same }: PrefectQuery): ((item: number) => number) => {
    if (ties === "fixed") return (item) => item
    // A database orders a tie as its query plan does, and the plan depends on the filters.
    const seed = textHash(JSON.stringify(ties === "byQuery" ? same : [same, limit, offset]))
    return (item) => hash(seed, item, tieSalt)
  }

  return {
    runs: ({ sort, flows, flow_runs }) => {
      const { after, before, rest } = boundsOn(boundFields[sort] ?? "", flow_runs)
      const keyOf = runKeyOf(sort)
      const items = selectRuns(sort, flows, rest)
      const found = sort.endsWith("_ASC")
        ? between(items, keyOf, -before, -after)
        : between(items, keyOf, after, before)
      return { ...found, keyOf }
    },
    tasks: ({ sort, flows, flow_runs, task_runs }) => {
      const holds = runTest(history, flows, flow_runs, flowNames)
      const wantedRuns = idsWanted(flow_runs, "id") ?? idsWanted(task_runs, "flow_run_id")
      const wantedTasks = idsWanted(task_runs, "id")
      const rows =
        wantedTasks?.flatMap((id) => tasks.withId(id)?.run ?? []) ??
        wantedRuns?.flatMap((id) => history.rowOf(id) ?? []) ??
        history.rows()
      const all: Array<number> = []
      for (const row of new Set(rows)) {
        if (holds(row)) for (const task of tasks.ofRun(row)) all.push(task)
      }
      const passes = task_runs === null ? () => true : taskTest(history, task_runs, tasks)
      const items = Uint32Array.from(all.filter(passes))
      const keyOf = sortKey(sort, items, tasks.sortable)
      sortItems(sort, items, keyOf, tasks.sortable)
      return { items, from: 0, to: items.length, keyOf }
    },
    page: (found, query) => {
      const page = pageOf(found, query.offset, query.limit)
      if (query.sort === "ID_DESC") return itemsIn(page)
      return pageOfTies(page, found, found.keyOf, tieOf(query))
    },
    noteChange: () => {
      cache.clear()
      keys.clear()
    },
  }
}
