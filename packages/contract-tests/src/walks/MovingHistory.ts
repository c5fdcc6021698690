import type { ExecutionStatus } from "@execlog/core"
import type { MadeExecution, ProviderServer } from "../kit/ProviderServer.js"
import type { Change } from "./History.js"

/** An execution of a server, with its states. */
export interface Known {
  readonly id: string
  readonly made: MadeExecution
  /** Its states in order, each with the number of requests before it. */
  readonly states: ReadonlyArray<{ readonly status: ExecutionStatus; readonly since: number }>
  /** Whether it existed when the walk began. */
  readonly isOld: boolean
  readonly isDeleted: boolean
}

/** The list of a server, tracked while it changes. */
export interface MovingHistory {
  readonly all: () => ReadonlyArray<Known>
  readonly apply: (changes: ReadonlyArray<Change>, requests: number) => void
}

/** Tracks the history of a server. */
export const movingHistory = (
  server: ProviderServer,
  history: ReadonlyArray<MadeExecution>,
): MovingHistory => {
  const all = history.map((made, index): Known => ({
    id: server.ids[index] ?? "",
    made,
    states: [{ status: made.durationMs === null ? "running" : made.outcome, since: 0 }],
    isOld: true,
    isDeleted: false,
  }))
  let newest = history.reduce(
    (latest, { startedAt, delayMs, durationMs }) =>
      Math.max(latest, startedAt + Math.max(delayMs, durationMs ?? 0)),
    0,
  )
  const there = () => all.filter(({ isDeleted }) => !isDeleted)
  const replace = (known: Known, by: Partial<Known>) => {
    all[all.indexOf(known)] = { ...known, ...by }
  }
  const remove = (known: Known) => {
    server.delete(known.id)
    replace(known, { isDeleted: true })
  }
  const applyOne = (change: Change, requests: number): void => {
    if (change.change === "insert") {
      newest += change.later
      const made = { ...change.execution, startedAt: newest - change.execution.delayMs }
      const status = made.durationMs === null ? "running" : made.outcome
      const states = [{ status, since: requests }] as const
      all.push({ id: server.insert(made), made, states, isOld: false, isDeleted: false })
      newest = Math.max(newest, made.startedAt + (made.durationMs ?? 0))
      return
    }
    if (change.change === "finish") {
      const known = chosen(there().filter(isRunning), change.which)
      if (known === undefined) return
      newest = Math.max(newest, known.made.startedAt)
      server.finish(known.id, change.outcome, newest)
      replace(known, {
        states: [...known.states, { status: change.outcome, since: requests }],
      })
      return
    }
    const known = chosen(there(), change.which)
    if (known === undefined) return
    for (const other of there()) {
      const isOfInstant = change.change === "deleteInstant" && listedAt(other) === listedAt(known)
      if (other === known || isOfInstant) remove(other)
    }
  }
  return {
    all: () => all,
    apply: (changes, requests) => {
      for (const change of changes) applyOne(change, requests)
    },
  }
}

const chosen = (from: ReadonlyArray<Known>, which: number): Known | undefined =>
  from[which % Math.max(1, from.length)]

const isRunning = ({ states }: Known): boolean => states.at(-1)?.status === "running"

const listedAt = ({ made }: Known): number => made.startedAt + made.delayMs
