import { indexInUuid7, indexOfUuid, uuid7Of, uuidHead, uuidOf } from "../shared/Identifiers.js"

/** The ids that one seed decides. Times are microseconds. */
export interface PrefectIdentities {
  readonly run: (row: number) => string
  /** The id of a run that a schedule made. It begins with the time of its creation. */
  readonly scheduledRun: (row: number, created: number) => string
  /** A number by which ids of runs sort, as far as 48 bits tell them apart. */
  readonly runHead: (row: number) => number
  /** The only row, of so many, that may have this id; or null. */
  readonly rowOfRun: (id: string, count: number) => number | null
  readonly flow: (flow: number) => string
  readonly deployment: (flow: number) => string
  readonly schedule: (flow: number) => string
  /** The id of a state: a new one for each transition of a run. */
  readonly state: (row: number, transitions: number, at: number) => string
  readonly taskState: (task: string, at: number) => string
  readonly transition: (row: number, transitions: number) => string
  readonly task: (task: number, created: number) => string
  /** The only task, of so many, that may have this id; or null. */
  readonly taskOf: (id: string, count: number) => number | null
  /** The id of the task run that stands for a subflow in its parent. */
  readonly subflowTask: (child: number) => string
  readonly subflowTaskHead: (child: number) => number
  /** The only subflow, of so many rows, whose task run may have this id; or null. */
  readonly childOf: (id: string, count: number) => number | null
}

const salts = {
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

/** The ids of a seed. */
export const makePrefectIdentities = (seed: number): PrefectIdentities => ({
  run: (row) => uuidOf(seed, row, salts.run),
  scheduledRun: (row, created) => uuid7Of(seed, row, salts.scheduledRun, created / 1000),
  runHead: (row) => uuidHead(seed, row, salts.run),
  rowOfRun: (id, count) =>
    indexOfUuid(id, seed, count, salts.run) ?? indexInUuid7(id, seed, count, salts.scheduledRun),
  flow: (flow) => uuidOf(seed, flow, salts.flow),
  deployment: (flow) => uuidOf(seed, flow, salts.deployment),
  schedule: (flow) => uuidOf(seed, flow, salts.schedule),
  state: (row, transitions, at) => uuid7Of(seed + transitions, row, salts.state, at / 1000),
  taskState: (task, at) =>
    uuid7Of(seed, Number.parseInt(task.slice(-8), 16), salts.taskState, at / 1000),
  transition: (row, transitions) => uuidOf(seed + transitions, row, salts.transition),
  task: (task, created) => uuid7Of(seed, task, salts.task, created / 1000),
  taskOf: (id, count) => indexInUuid7(id, seed, count, salts.task),
  subflowTask: (child) => uuidOf(seed, child, salts.subflowTask),
  subflowTaskHead: (child) => uuidHead(seed, child, salts.subflowTask),
  childOf: (id, count) => indexOfUuid(id, seed, count, salts.subflowTask),
})
