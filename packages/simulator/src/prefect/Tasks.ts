import type { PrefectHistory } from "./History.js"
import type { Sortable } from "./Order.js"
import { isFinal, ownWord, type PrefectStateType } from "./Run.js"

/**
 * A task run is a number: eight times its flow run's row, plus its place there. The last place is
 * the subflow's task, which belongs to the parent of the row.
 */
const PLACES = 8
const SUBFLOW = PLACES - 1

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
  /** Of which of the flow run's attempts it is. */
  readonly attempt: number
  readonly expected: number
  readonly created: number
  readonly start: number | null
  readonly end: number | null
}

const NAMES = ["extract", "check", "transform", "load", "notify", "archive"] as const

/** The task runs of a history. */
export class PrefectTasks {
  readonly sortable: Sortable
  readonly #history: PrefectHistory

  constructor(history: PrefectHistory) {
    this.#history = history
    this.sortable = {
      id: (task) => this.idOf(task),
      idHead: (task) => this.#idHead(task),
      name: (task) => this.factsOf(task).name,
      expected: (task) => this.factsOf(task).expected,
      start: (task) => this.factsOf(task).start,
      end: (task) => this.factsOf(task).end,
      next: () => null,
    }
  }

  /** The task runs of a flow run, in the order in which they were made. */
  ofRun(run: number): number[] {
    const tasks: number[] = []
    const { tasks: count } = this.#history.factsOf(run)
    for (let place = 0; place < count; place += 1) tasks.push(run * PLACES + place)
    for (const child of this.#history.childrenOf(run)) tasks.push(child * PLACES + SUBFLOW)
    return tasks
  }

  /** The row of the flow run that a task run belongs to. */
  runOf(task: number): number {
    const row = Math.floor(task / PLACES)
    return task % PLACES === SUBFLOW ? (this.#history.parentOf(row) ?? row) : row
  }

  idOf(task: number): string {
    return this.factsOf(task).id
  }

  /** The task run that is there, or null. */
  withId(id: string): PrefectTask | null {
    const { ids, count } = this.#history
    const child = ids.childOf(id, count)
    const task = child === null ? ids.taskOf(id, count * PLACES) : child * PLACES + SUBFLOW
    if (task === null) return null
    const run = this.runOf(task)
    if (!this.#history.has(run) || !this.ofRun(run).includes(task)) return null
    const facts = this.factsOf(task)
    return facts.id === id.toLowerCase() ? facts : null
  }

  factsOf(task: number): PrefectTask {
    const row = Math.floor(task / PLACES)
    const place = task % PLACES
    return place === SUBFLOW ? this.#subflow(row) : this.#ordinary(row, place)
  }

  #idHead(task: number): number {
    return task % PLACES === SUBFLOW
      ? this.#history.ids.subflowTaskHead(Math.floor(task / PLACES))
      : Math.floor(this.factsOf(task).created / 1000)
  }

  #subflow(child: number): PrefectTask {
    const history = this.#history
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

  #ordinary(run: number, place: number): PrefectTask {
    const { ids } = this.#history
    const facts = this.#history.factsOf(run)
    const start = facts.start ?? facts.expected
    const until = facts.end ?? facts.stateAt
    const width = Math.max(0, until - start) / Math.max(1, facts.tasks)
    const isLast = place === facts.tasks - 1
    const began = Math.floor(start + width * place)
    const failed = isLast && facts.type === "FAILED" && facts.stateName !== "TimedOut"
    // What was killed with its process never says that it ended.
    const open = isLast && (!isFinal(facts.type) || facts.type === "CRASHED")
    const type: PrefectStateType = failed ? "FAILED" : open ? "RUNNING" : "COMPLETED"
    const cached = type === "COMPLETED" && (run + place) % 7 === 3
    const name = NAMES[place] ?? NAMES[0]
    const suffix = ((run * 31 + place * 17) % 4096).toString(16).padStart(3, "0")
    const reason = (facts.message ?? "").replace("Flow run encountered an exception: ", "")
    const created = began + 2_000
    return {
      id: ids.task(run * PLACES + place, created),
      run,
      child: null,
      name: `${name}-${suffix}`,
      key: `${name}-4944716d`,
      dynamicKey: ids.transition(run, place + 100),
      type,
      stateName: cached ? "Cached" : ownWord(type),
      message: failed
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
}
