import type { PrefectHistory } from "./History.js"
import type { Sortable } from "./Order.js"
import { isFinal, ownWord, type PrefectStateType } from "./State.js"

/**
 * A task run is a number: eight times its flow run's row, plus its place there. The last place is the task
 * run that stands for the row as a subflow. That one belongs to the parent of the row.
 */
const placesPerRun = 8
const subflowPlace = placesPerRun - 1

/** Everything about a task run. Times are whole microseconds. */
export interface PrefectTask {
  readonly id: string
  /** The row of the flow run that it belongs to. */
  readonly run: number
  /** The row of the subflow that it stands for, or null. */
  readonly child: number | null
  readonly name: string
  readonly key: string
  readonly dynamicKey: string
  readonly type: PrefectStateType
  readonly stateName: string
  readonly message: string | null
  readonly runCount: number
  /** The attempt of the flow run that ran it. */
  readonly attempt: number
  readonly expected: number
  readonly created: number
  readonly start: number | null
  readonly end: number | null
}

const taskNames = ["extract", "check", "transform", "load", "notify", "archive"] as const

/** The task runs of a history. */
export interface PrefectTasks {
  readonly sortable: Sortable
  /** The task runs of a flow run, in the order of their creation. */
  readonly ofRun: (run: number) => ReadonlyArray<number>
  /** The row of the flow run that a task run belongs to. */
  readonly runOf: (task: number) => number
  readonly idOf: (task: number) => string
  readonly factsOf: (task: number) => PrefectTask
  /** The facts of the task run with this id, or null. */
  readonly withId: (id: string) => PrefectTask | null
}

/** The task runs of a history. They are made from their flow runs when they are read. */
export const makePrefectTasks = (history: PrefectHistory): PrefectTasks => {
  const { ids } = history
  const factsOf = (task: number) => {
    const row = Math.floor(task / placesPerRun)
    const place = task % placesPerRun
    return place === subflowPlace ? subflowTask(history, row) : ordinaryTask(history, row, place)
  }
  const idOf = (task: number) => factsOf(task).id
  const ofRun = (run: number) => {
    const own = Array.from(
      { length: history.factsOf(run).tasks },
      (_, place) => run * placesPerRun + place,
    )
    const subflows = history.childrenOf(run).map((child) => child * placesPerRun + subflowPlace)
    return [...own, ...subflows]
  }
  const runOf = (task: number) => {
    const row = Math.floor(task / placesPerRun)
    return task % placesPerRun === subflowPlace ? (history.parentOf(row) ?? row) : row
  }
  return {
    sortable: {
      id: idOf,
      idHead: (task) =>
        task % placesPerRun === subflowPlace
          ? ids.subflowTaskHead(Math.floor(task / placesPerRun))
          : Math.floor(factsOf(task).created / 1000),
      name: (task) => factsOf(task).name,
      expected: (task) => factsOf(task).expected,
      start: (task) => factsOf(task).start,
      end: (task) => factsOf(task).end,
      next: () => null,
    },
    ofRun,
    runOf,
    idOf,
    factsOf,
    withId: (id) => {
      const count = history.count()
      const child = ids.childOf(id, count)
      const task =
        child === null ? ids.taskOf(id, count * placesPerRun) : child * placesPerRun + subflowPlace
      if (task === null) return null
      const run = runOf(task)
      if (!history.has(run) || !ofRun(run).includes(task)) return null
      const facts = factsOf(task)
      return facts.id === id.toLowerCase() ? facts : null
    },
  }
}

/** The task run that stands for a subflow in its parent. */
const subflowTask = (history: PrefectHistory, child: number): PrefectTask => {
  const facts = history.factsOf(child)
  const expected = facts.expected - 30_000
  return {
    id: history.ids.subflowTask(child),
    run: history.parentOf(child) ?? child,
    child,
    name: `subflow-${child % 10}`,
    key: "subflow-bdc57b8e",
    dynamicKey: String(child % 10),
    type: facts.type,
    stateName: facts.stateName,
    message: facts.message,
    runCount: facts.start === null ? 0 : 1,
    attempt: 0,
    expected,
    created: expected + 300,
    start: facts.start,
    end: facts.end === null ? null : facts.end + 15_000,
  }
}

/** A task run of a flow run's own. The run's time is divided among its tasks. */
const ordinaryTask = (history: PrefectHistory, run: number, place: number): PrefectTask => {
  const { ids } = history
  const facts = history.factsOf(run)
  const start = facts.start ?? facts.expected
  const until = facts.end ?? facts.stateAt
  const width = Math.max(0, until - start) / Math.max(1, facts.tasks)
  const isLast = place === facts.tasks - 1
  const began = Math.floor(start + width * place)
  const hasFailed = isLast && facts.type === "FAILED" && facts.stateName !== "TimedOut"
  // A task that was killed with its process never reports an end.
  const isOpen = isLast && (!isFinal(facts.type) || facts.type === "CRASHED")
  const type: PrefectStateType = hasFailed ? "FAILED" : isOpen ? "RUNNING" : "COMPLETED"
  const isCached = type === "COMPLETED" && (run + place) % 7 === 3
  const name = taskNames[place] ?? taskNames[0]
  const suffix = ((run * 31 + place * 17) % 4096).toString(16).padStart(3, "0")
  const reason = (facts.message ?? "").replace("Flow run encountered an exception: ", "")
  const created = began + 2_000
  return {
    id: ids.task(run * placesPerRun + place, created),
    run,
    child: null,
    name: `${name}-${suffix}`,
    key: `${name}-4944716d`,
    dynamicKey: ids.transition(run, place + 100),
    type,
    stateName: isCached ? "Cached" : ownWord(type),
    message: hasFailed
      ? `Task run encountered an exception ${reason}`
      : type === "COMPLETED"
        ? ""
        : null,
    runCount: (run + place) % 11 === 5 ? 3 : 1,
    attempt: facts.runCount > 1 && place * 2 >= facts.tasks ? facts.runCount : 1,
    expected: began,
    created,
    start: began + 3_000,
    end: type === "RUNNING" ? null : Math.max(began + 3_000, Math.floor(began + width)),
  }
}
