import { makeHistoryRows } from "../shared/HistoryRows.js"
import { indexInUuid7, isUuid } from "../shared/Identifiers.js"
import { collectItems, type Items, selectItems } from "../shared/Items.js"
import { makeListCache } from "../shared/ListCache.js"
import { makeWordColumn } from "../shared/WordColumn.js"
import {
  endedFacts,
  givenFacts,
  idSalt,
  type N8nExecution,
  type N8nFacts,
  n8nIdOf,
  type N8nStatus,
} from "./Execution.js"
import {
  madeFacts,
  madeStatus,
  madeSuccessOf,
  madeWorkflow,
  type N8nSeed,
} from "./MadeExecution.js"
import type { N8nStatusWord } from "./StatusWords.js"

/** The inputs that determine a history. */
export interface N8nHistoryOptions extends N8nSeed {
  readonly history: ReadonlyArray<N8nExecution> | null
  /** Whether executions that succeeded are kept. */
  readonly savesSuccesses: boolean
}

/** The filters of a list request. */
interface N8nFilter {
  readonly status: N8nStatusWord | null
  readonly workflow: number | null
  /** Bounds on the start, both inclusive. An execution without a start lies within no bounds. */
  readonly startedAfter: number
  readonly startedBefore: number
}

/** The executions of one n8n, each known by its row. */
export interface N8nHistory {
  readonly idOf: (row: number) => string
  /** The row of an id, or null. */
  readonly rowOf: (id: string) => number | null
  readonly factsOf: (row: number) => N8nFacts
  /** The id of the retry that succeeded, or null. */
  readonly successOf: (row: number) => string | null
  /** All rows by descending ids, unlisted ones included. */
  readonly rows: () => Items
  /** Up to `limit` rows by descending ids, below `lastId` unless it is null, and whether more follow. */
  readonly page: (
    filter: N8nFilter,
    lastId: string | null,
    limit: number,
  ) => { readonly rows: ReadonlyArray<number>; readonly more: boolean }
  /** Adds an execution, and returns its row. */
  readonly insert: (execution: N8nExecution) => number
  readonly remove: (row: number) => void
  readonly finish: (row: number, status: N8nStatus, stoppedAt: number) => void
}

/** Statuses that n8n leaves out of its lists: it holds such executions in memory. */
const activeStatuses: ReadonlyArray<N8nStatus> = ["new", "running", "waiting"]

/** A history, with the given executions or with made ones. */
export const makeN8nHistory = (options: N8nHistoryOptions): N8nHistory => {
  const { seed, engine, savesSuccesses } = options
  const made = options.history === null ? options.executions : 0
  const history = makeHistoryRows<N8nFacts>(made)
  const madeStatuses = makeWordColumn<N8nStatus>(made, [
    "success",
    "error",
    "crashed",
    "canceled",
    "waiting",
    "running",
    "new",
    "unknown",
  ])
  /** The retry that succeeded, by the row of the execution that it repeats. */
  const successes = new Map<number, number>()
  const cache = makeListCache()

  const factsOf = (row: number) => history.factsGiven(row) ?? madeFacts(options, row)
  // A filter reads a million rows: of a made row it reads only what it needs.
  const statusOf = (row: number) => (row < made ? madeStatuses.wordOf(row) : factsOf(row).status)
  const workflowOf = (row: number) =>
    row < made ? madeWorkflow(options, row) : factsOf(row).workflow
  const engineOf = (row: number) => (row < made ? engine : factsOf(row).engine)
  const startsWithin = (row: number, earliest: number, latest: number) => {
    const { hasStarted, startedAt } = factsOf(row)
    return hasStarted && startedAt >= earliest && startedAt <= latest
  }
  const idOf = (row: number) =>
    // A number needs no facts, which would take seconds for a million rows.
    row < made && engine === 1 ? String(row + 1) : n8nIdOf(seed, row, factsOf(row))
  const isKept = (row: number) =>
    history.has(row) && (savesSuccesses || statusOf(row) !== "success")

  const rowOf = (id: string) => {
    const row = isUuid(id)
      ? indexInUuid7(id, seed, history.count(), idSalt)
      : Number(/^\d{1,9}$/.exec(id)?.[0] ?? 0) - 1
    if (row === null || row < 0 || !isKept(row)) return null
    return idOf(row) === id.toLowerCase() ? row : null
  }
  /** To be called when the facts of a row are new. */
  const noteChange = (row: number) => {
    const { retryOf, status } = factsOf(row)
    const retried = retryOf === null ? null : rowOf(retryOf)
    if (retried !== null && status === "success") successes.set(retried, row)
    cache.clear()
  }
  const insert = (execution: N8nExecution) => {
    const row = history.insert(givenFacts(execution, engine), "last")
    noteChange(row)
    return row
  }

  for (let row = 0; row < made; row += 1) madeStatuses.set(row, madeStatus(options, row))
  for (const execution of options.history ?? []) insert(execution)

  const rows = () =>
    cache.get("all", () => {
      const kept = collectItems(history.count(), (add) => {
        for (let row = history.count() - 1; row >= 0; row -= 1) if (isKept(row)) add(row)
      })
      if (kept.every((row) => engineOf(row) === 1)) return kept
      const ids = Array.from(kept, (row) => ({ row, id: idOf(row) }))
      return Uint32Array.from(
        ids.toSorted((left, right) => (comesAfter(left.id, right.id) ? 1 : -1)),
        ({ row }) => row,
      )
    })
  const listed = (filter: N8nFilter) => {
    const { status, workflow, startedAfter, startedBefore } = filter
    const isBounded = startedAfter !== -Infinity || startedBefore !== Infinity
    return cache.get(JSON.stringify(filter), () =>
      selectItems(
        rows(),
        (row) =>
          isListed(statusOf(row), status) &&
          (workflow === null || workflowOf(row) === workflow) &&
          (!isBounded || startsWithin(row, startedAfter, startedBefore)),
      ),
    )
  }

  return {
    idOf,
    rowOf,
    factsOf,
    successOf: (row) => {
      const success = successes.get(row) ?? (row < made ? madeSuccessOf(options, row) : null)
      return success === null ? null : idOf(success)
    },
    rows,
    page: (filter, lastId, limit) => {
      const found = listed(filter)
      let from = 0
      let to = lastId === null ? 0 : found.length
      while (from < to) {
        const middle = (from + to) >>> 1
        if (comesAfter(idOf(found[middle] ?? 0), lastId ?? "")) to = middle
        else from = middle + 1
      }
      return {
        rows: Array.from(found.subarray(from, from + limit)),
        more: limit > 0 && found.length > from + limit,
      }
    },
    insert,
    remove: (row) => {
      history.remove(row)
      cache.clear()
    },
    finish: (row, status, stoppedAt) => {
      history.setFacts(row, endedFacts(factsOf(row), status, stoppedAt))
      if (row < made) madeStatuses.set(row, status)
      noteChange(row)
    },
  }
}

/** Whether an id comes later in a list: numbers descend, and UUIDs follow them. */
const comesAfter = (id: string, other: string): boolean => {
  if (isUuid(id)) return !isUuid(other) || id < other.toLowerCase()
  return !isUuid(other) && Number(id) < Number(other)
}

/** Whether n8n lists an execution of this status: running ones only on request, crashed ones as errors. */
const isListed = (status: N8nStatus, wanted: N8nFilter["status"]): boolean => {
  if (wanted === "running") return status === "running"
  if (activeStatuses.includes(status)) return false
  return wanted === null || status === wanted || (wanted === "error" && status === "crashed")
}
