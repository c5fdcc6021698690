import { makeHistoryRows } from "../shared/HistoryRows.js"
import { collectItems, type Items } from "../shared/Items.js"
import { sortLatestFirst } from "../shared/TimeOrder.js"
import { endEventOf, executionOf, isEndEvent, startEventOf } from "./Events.js"
import { type AlloyExecution, type AlloyFacts, endedFacts, givenFacts } from "./Execution.js"
import { type AlloyIdentities, makeAlloyIdentities } from "./Identities.js"
import {
  type AlloySeed,
  madeEnd,
  madeEndLag,
  madeFailed,
  madeStart,
  madeStartLag,
  madeUser,
  madeWorkflow,
} from "./MadeExecution.js"

/** The inputs that determine a history. */
export interface AlloyHistoryOptions extends AlloySeed {
  readonly history: ReadonlyArray<AlloyExecution> | null
}

/** The executions of one Alloy account and their events. Times are milliseconds. */
export interface AlloyHistory {
  readonly ids: AlloyIdentities
  readonly workflows: number
  readonly users: number
  readonly factsOf: (execution: number) => AlloyFacts
  /** The listing time of an event. */
  readonly eventTime: (event: number) => number
  readonly startTime: (execution: number) => number
  /** The end of an execution; 0 while it runs. */
  readonly endTime: (execution: number) => number
  readonly isRunning: (execution: number) => boolean
  readonly hasFailed: (execution: number) => boolean
  readonly workflowOf: (execution: number) => number
  readonly userOf: (execution: number) => number
  /** All events, newest first. */
  readonly events: () => Items
  /** All executions that have started, last started first. */
  readonly starts: () => Items
  /** The execution with this `executionUuid`, or null. */
  readonly withUuid: (uuid: string) => number | null
  /** Adds an execution, and returns its number. */
  readonly insert: (execution: AlloyExecution) => number
  readonly remove: (execution: number) => void
  readonly finish: (execution: number, failed: boolean, at: number) => void
}

/** A history, with the given executions or with made ones. */
export const makeAlloyHistory = (options: AlloyHistoryOptions): AlloyHistory => {
  const { seed, workflows, users } = options
  const ids = makeAlloyIdentities(seed)
  const made = options.history === null ? options.executions : 0
  const rows = makeHistoryRows<AlloyFacts>(made)
  const madeStarts = new Float64Array(made)
  /** NaN while it runs. */
  const madeEnds = new Float64Array(made)
  let sortedEvents: Items | null = null
  let sortedStarts: Items | null = null

  const noteChange = () => {
    sortedEvents = null
    sortedStarts = null
  }
  const insert = (execution: AlloyExecution, end: "first" | "last") => {
    const facts = givenFacts(execution)
    const { workflow, user } = facts
    if (workflow >= workflows || user >= users)
      throw new Error(`The Alloy simulator has no workflow ${workflow} or no user ${user}`)
    noteChange()
    return rows.insert(facts, end)
  }

  for (let execution = 0; execution < made; execution += 1) {
    const startedAt = madeStart(options, execution)
    madeStarts[execution] = startedAt
    madeEnds[execution] = madeEnd(options, execution, startedAt)
  }
  for (const execution of options.history ?? []) insert(execution, "last")

  const { factsGiven } = rows
  const eventTime = (event: number) => {
    const execution = executionOf(event)
    const given = factsGiven(execution)
    if (isEndEvent(event))
      return given?.endListedAt ?? (madeEnds[execution] ?? 0) + madeEndLag(options, execution)
    return given?.startListedAt ?? (madeStarts[execution] ?? 0) + madeStartLag(options, execution)
  }
  const startTime = (execution: number) =>
    factsGiven(execution)?.startedAt ?? madeStarts[execution] ?? 0
  const isRunning = (execution: number) => {
    const given = factsGiven(execution)
    return given === undefined
      ? Number.isNaN(madeEnds[execution] ?? NaN)
      : given.completedAt === null
  }
  const hasFailed = (execution: number) =>
    factsGiven(execution)?.failed ?? madeFailed(options, execution)
  const workflowOf = (execution: number) =>
    factsGiven(execution)?.workflow ?? madeWorkflow(options, execution)
  const userOf = (execution: number) => factsGiven(execution)?.user ?? madeUser(options, execution)
  const hasStarted = (execution: number) => factsGiven(execution)?.unstarted !== true
  const factsOf = (execution: number): AlloyFacts => {
    const given = factsGiven(execution)
    if (given !== undefined) return given
    const isOpen = isRunning(execution)
    return {
      startedAt: startTime(execution),
      completedAt: isOpen ? null : (madeEnds[execution] ?? 0),
      failed: !isOpen && hasFailed(execution),
      unstarted: false,
      workflow: workflowOf(execution),
      user: userOf(execution),
      startListedAt: eventTime(startEventOf(execution)),
      endListedAt: eventTime(endEventOf(execution)),
    }
  }

  return {
    ids,
    workflows,
    users,
    factsOf,
    eventTime,
    startTime,
    endTime: (execution) => {
      if (isRunning(execution)) return 0
      return factsGiven(execution)?.completedAt ?? madeEnds[execution] ?? 0
    },
    isRunning,
    hasFailed,
    workflowOf,
    userOf,
    events: () => {
      if (sortedEvents !== null) return sortedEvents
      sortedEvents = collectItems(rows.count() * 2, (add) => {
        for (const execution of rows.list()) {
          if (!isRunning(execution)) add(endEventOf(execution))
          if (hasStarted(execution)) add(startEventOf(execution))
        }
      })
      sortLatestFirst(sortedEvents, eventTime)
      return sortedEvents
    },
    starts: () => {
      if (sortedStarts !== null) return sortedStarts
      sortedStarts = collectItems(rows.count(), (add) => {
        for (const execution of rows.list()) if (hasStarted(execution)) add(execution)
      })
      sortLatestFirst(sortedStarts, startTime)
      return sortedStarts
    },
    withUuid: (uuid) => {
      const execution = ids.executionOfUuid(uuid, rows.count())
      return execution === null || !rows.has(execution) ? null : execution
    },
    insert: (execution) => insert(execution, "first"),
    remove: (execution) => {
      rows.remove(execution)
      noteChange()
    },
    finish: (execution, failed, at) => {
      rows.setFacts(execution, endedFacts(factsOf(execution), failed, at))
      noteChange()
    },
  }
}
