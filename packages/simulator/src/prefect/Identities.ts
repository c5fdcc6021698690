import { indexInUuid7, indexOfUuid, uuid7Of, uuidHead, uuidOf } from "../shared/Identifiers.js"

const SALT = {
  run: 81,
  scheduledRun: 82,
  flow: 83,
  deployment: 84,
  schedule: 85,
  state: 86,
  task: 87,
  subflowTask: 88,
  transition: 89,
  taskState: 90,
}

/** The ids that one seed gives. Times are microseconds. */
export class PrefectIdentities {
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  run(row: number): string {
    return uuidOf(this.#seed, row, SALT.run)
  }

  /** The id of a run that a schedule made, which begins with the time of that. */
  scheduledRun(row: number, created: number): string {
    return uuid7Of(this.#seed, row, SALT.scheduledRun, created / 1000)
  }

  /** A number by which ids sort, as far as 48 bits tell. */
  runHead(row: number): number {
    return uuidHead(this.#seed, row, SALT.run)
  }

  subflowTaskHead(child: number): number {
    return uuidHead(this.#seed, child, SALT.subflowTask)
  }

  /** The only row that may have this id, or null. */
  rowOfRun(id: string, count: number): number | null {
    return (
      indexOfUuid(id, this.#seed, count, SALT.run) ??
      indexInUuid7(id, this.#seed, count, SALT.scheduledRun)
    )
  }

  flow(flow: number): string {
    return uuidOf(this.#seed, flow, SALT.flow)
  }

  deployment(flow: number): string {
    return uuidOf(this.#seed, flow, SALT.deployment)
  }

  schedule(flow: number): string {
    return uuidOf(this.#seed, flow, SALT.schedule)
  }

  /** Another for each state that a run is given. */
  state(row: number, transitions: number, at: number): string {
    return uuid7Of(this.#seed + transitions, row, SALT.state, at / 1000)
  }

  taskState(task: string, at: number): string {
    return uuid7Of(this.#seed, Number.parseInt(task.slice(-8), 16), SALT.taskState, at / 1000)
  }

  transition(row: number, transitions: number): string {
    return uuidOf(this.#seed + transitions, row, SALT.transition)
  }

  task(task: number, created: number): string {
    return uuid7Of(this.#seed, task, SALT.task, created / 1000)
  }

  /** The id of the task run that stands for a subflow in its parent. */
  subflowTask(child: number): string {
    return uuidOf(this.#seed, child, SALT.subflowTask)
  }

  /** The only task, or the only child of a subflow's task, that may have this id. */
  taskOf(id: string, tasks: number): number | null {
    return indexInUuid7(id, this.#seed, tasks, SALT.task)
  }

  childOf(id: string, count: number): number | null {
    return indexOfUuid(id, this.#seed, count, SALT.subflowTask)
  }
}
