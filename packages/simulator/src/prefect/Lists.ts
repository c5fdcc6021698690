import { IndexCache, select } from "../shared/IndexCache.js"
import type { PrefectCondition, PrefectGroup, PrefectQuery } from "./Query.js"
import { idsWanted, runTest, taskTest } from "./Filters.js"
import type { PrefectHistory } from "./History.js"
import { type Sortable, sortItems, sortKey } from "./Order.js"
import { type PrefectTask, PrefectTasks } from "./Tasks.js"
import { hash } from "../shared/Random.js"
import { between, pageOfTies, type Range } from "../shared/TimeOrder.js"

/** How rows of equal time are ordered: always alike, another way for each query, another for each page too. */
export type PrefectTies = "fixed" | "byQuery" | "shuffled"

/** What a query found, largest key first. */
interface Found extends Range {
  readonly keyOf: (item: number) => number
}

const SALT_TIE = 91

const textHash = (text: string): number => {
  let value = 0
  for (let place = 0; place < text.length; place += 1)
    value = hash(value, text.charCodeAt(place), SALT_TIE)
  return value
}

interface Bounds {
  readonly after: number
  readonly before: number
  readonly rest: PrefectGroup | null
}

/** Takes the bounds on the time that a list is sorted by out of its filter, since a binary search finds them. */
const boundsOn = (field: string, group: PrefectGroup | null): Bounds => {
  const none = { after: -Infinity, before: Infinity, rest: group }
  if (group === null || group.or) return none
  const isBound = (part: PrefectCondition | PrefectGroup): part is PrefectCondition =>
    "field" in part && part.field === field
  const bound = group.parts.find(isBound)
  if (bound === undefined) return none
  const unbound = { ...bound, after: -Infinity, before: Infinity }
  const parts = group.parts.flatMap((part) => {
    if (part !== bound) return [part]
    return bound.isNull === null ? [] : [unbound]
  })
  const rest = parts.length === 0 ? null : { or: false, parts }
  return { after: bound.after, before: bound.before, rest }
}

const AXES: Readonly<Record<string, string>> = {
  START_TIME_ASC: "start_time",
  START_TIME_DESC: "start_time",
  EXPECTED_START_TIME_ASC: "expected_start_time",
  EXPECTED_START_TIME_DESC: "expected_start_time",
}

/** The lists of flow runs and task runs of one history. */
export class PrefectLists {
  readonly #history: PrefectHistory
  readonly #tasks: PrefectTasks
  readonly #flowNames: readonly string[]
  readonly #ties: PrefectTies
  readonly #cache = new IndexCache()
  readonly #keys = new Map<string, (run: number) => number>()
  readonly #runs: Sortable

  constructor(history: PrefectHistory, flowNames: readonly string[], ties: PrefectTies) {
    this.#history = history
    this.#tasks = new PrefectTasks(history)
    this.#flowNames = flowNames
    this.#ties = ties
    this.#runs = {
      id: (run) => history.idOf(run),
      idHead: (run) => history.idHeadOf(run),
      name: (run) => history.nameOf(run),
      expected: history.expectedOf,
      start: (run) => history.startOf(run),
      end: (run) => history.endOf(run),
      next: (run) => history.nextScheduledOf(run),
    }
  }

  /** To be called when the history has changed. */
  changed(): void {
    this.#cache.clear()
    this.#keys.clear()
  }

  /** The flow runs that a query finds. */
  runs(query: PrefectQuery): Found {
    const { sort, flows, flow_runs } = query
    const { after, before, rest } = boundsOn(AXES[sort] ?? "", flow_runs)
    const keyOf = this.#keyOf(sort)
    const items = this.#selected(sort, flows, rest, keyOf)
    const found = sort.endsWith("_ASC")
      ? between(items, keyOf, -before, -after)
      : between(items, keyOf, after, before)
    return { ...found, keyOf }
  }

  /** The task runs that a query finds. */
  tasks(query: PrefectQuery): Found {
    const { sort, flows, flow_runs, task_runs } = query
    const history = this.#history
    const holds = runTest(history, flows, flow_runs, this.#flowNames)
    const named = idsWanted(flow_runs, "id") ?? idsWanted(task_runs, "flow_run_id")
    const tasks = idsWanted(task_runs, "id")
    const given = tasks?.flatMap((id) => this.#tasks.withId(id)?.run ?? [])
    const rows = given ?? named?.flatMap((id) => history.rowOf(id) ?? []) ?? history.rows
    const all: number[] = []
    for (const row of new Set(rows)) {
      if (holds(row)) for (const task of this.#tasks.ofRun(row)) all.push(task)
    }
    const passes = task_runs === null ? () => true : taskTest(history, task_runs, this.#tasks)
    const items = Uint32Array.from(all.filter(passes))
    const keyOf = sortKey(sort, items, this.#tasks.sortable)
    sortItems(sort, items, keyOf, this.#tasks.sortable)
    return { items, from: 0, to: items.length, keyOf }
  }

  /** The facts of a task run, or null. */
  task(id: string): PrefectTask | null {
    return this.#tasks.withId(id)
  }

  factsOfTask(task: number): PrefectTask {
    return this.#tasks.factsOf(task)
  }

  /** One page of what was found. */
  page(found: Found, query: PrefectQuery): number[] {
    const from = Math.min(found.from + query.offset, found.to)
    const to = Math.min(from + query.limit, found.to)
    if (query.sort === "ID_DESC") return Array.from(found.items.subarray(from, to))
    return pageOfTies({ ...found, from, to }, found, found.keyOf, this.#tieOf(query))
  }

  #tieOf({ limit, offset, ...same }: PrefectQuery): (item: number) => number {
    if (this.#ties === "fixed") return (item) => item
    // A database orders a tie as its plan of the query does, and the plan depends on the filters.
    const seed = textHash(JSON.stringify(this.#ties === "byQuery" ? same : [same, limit, offset]))
    return (item) => hash(seed, item, SALT_TIE)
  }

  /** What passes the filters, in order. */
  #selected(
    sort: string,
    flows: PrefectGroup | null,
    runs: PrefectGroup | null,
    keyOf: (run: number) => number,
  ): Uint32Array<ArrayBuffer> {
    const named = idsWanted(runs, "id")
    const passes = runTest(this.#history, flows, runs, this.#flowNames)
    if (named !== null) {
      // To look for ids in a million rows takes seconds.
      const rows = new Set(named.flatMap((id) => this.#history.rowOf(id) ?? []))
      const items = Uint32Array.from([...rows].filter(passes))
      sortItems(sort, items, keyOf, this.#runs)
      return items
    }
    const order = this.#cache.get(sort, () => {
      const items = this.#history.rows.slice()
      sortItems(sort, items, keyOf, this.#runs)
      return items
    })
    if (flows === null && runs === null) return order
    return this.#cache.get(JSON.stringify([sort, flows, runs]), () => select(order, passes))
  }

  #keyOf(sort: string): (run: number) => number {
    const key = this.#keys.get(sort) ?? sortKey(sort, this.#history.rows, this.#runs)
    this.#keys.set(sort, key)
    return key
  }
}
