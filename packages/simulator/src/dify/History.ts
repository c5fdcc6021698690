import { makeHistoryRows } from "../shared/HistoryRows.js"
import { indexOfUuid, uuidOf } from "../shared/Identifiers.js"
import { microseconds } from "../shared/Instant.js"
import { type Items, selectItems } from "../shared/Items.js"
import { makeListCache } from "../shared/ListCache.js"
import { hash } from "../shared/Random.js"
import {
  between,
  itemsIn,
  pageOf,
  pageOfTies,
  type Range,
  sortLatestFirst,
} from "../shared/TimeOrder.js"
import { makeWordColumn } from "../shared/WordColumn.js"
import { type DifyActors, makeDifyActors } from "./Actors.js"
import {
  type DifySeed,
  madeAccount,
  madeFacts,
  madeListedAt,
  madeNullRun,
  madeSession,
  madeStatus,
} from "./MadeRow.js"
import { type DifyRow, type DifyRowFacts, type DifyStatus, endedFacts, givenFacts } from "./Row.js"

/** The inputs that determine a history. */
export interface DifyHistoryOptions extends DifySeed {
  readonly executions: number
  readonly rows: ReadonlyArray<DifyRow> | null
  readonly microseconds: boolean
  readonly ties: "fixed" | "shuffled"
}

/** The filters of a list request, except time. */
interface DifyFilter {
  readonly status: DifyStatus | null
  readonly session: string | null
  readonly account: string | null
  readonly keyword: string | null
}

/** The rows of one app: those that the seed makes, and the changes of tests. */
export interface DifyHistory {
  readonly actors: DifyActors
  readonly workflowId: string
  readonly appId: string
  readonly logId: (row: number) => string
  readonly runId: (row: number) => string
  /** The listing time of a row, in microseconds. */
  readonly listedAtOf: (row: number) => number
  readonly factsOf: (row: number) => DifyRowFacts
  /** The row of a run, or null. */
  readonly rowOfRun: (runId: string) => number | null
  /** The row of a log row or a run, or null. */
  readonly rowOf: (id: string) => number | null
  /** All rows, newest first. */
  readonly order: () => Items
  /** The rows that pass, newest first, between two inclusive bounds in microseconds. */
  readonly find: (
    filter: DifyFilter,
    bounds: { readonly earliest: number; readonly latest: number },
    hasKeyword: (row: number) => boolean,
  ) => Range
  /** One page of what was found. */
  readonly page: (found: Range, offset: number, limit: number) => ReadonlyArray<number>
  /** Adds a row, and returns its number. */
  readonly insert: (row: DifyRow, amongTies: "first" | "last") => number
  readonly remove: (row: number) => void
  readonly finish: (row: number, status: DifyStatus, at: number) => void
}

const salts = { log: 21, run: 22, tie: 25, workflow: 28, app: 29 }

/** A history, with the given rows or with made ones. */
export const makeDifyHistory = (options: DifyHistoryOptions): DifyHistory => {
  const { seed } = options
  const made = options.rows === null ? options.executions : 0
  const rows = makeHistoryRows<DifyRowFacts>(made)
  const actors = makeDifyActors(seed, options.users)
  const madeTimes = new Float64Array(made)
  const madeStatuses = makeWordColumn<DifyStatus>(made, [
    "succeeded",
    "failed",
    "stopped",
    "partial-succeeded",
    "paused",
    "running",
  ])
  const cache = makeListCache()
  let sorted: Items | null = null

  /** Cuts a time to whole seconds where the server keeps no more. */
  const kept = (time: number) =>
    options.microseconds ? time : Math.floor(time / 1_000_000) * 1_000_000
  const insert = (row: DifyRow, end: "first" | "last") => {
    const facts = givenFacts(row, kept(microseconds(row.listedAt)))
    actors.note(facts)
    sorted = null
    cache.clear()
    return rows.insert(facts, end)
  }

  for (let row = 0; row < made; row += 1) {
    const listedAt = kept(madeListedAt(options, row))
    madeTimes[row] = listedAt
    madeStatuses.set(row, madeStatus(options, row, listedAt))
  }
  for (const row of options.rows ?? []) insert(row, "last")

  const listedAtOf = (row: number) =>
    row < made ? (madeTimes[row] ?? 0) : (rows.factsGiven(row)?.listedAt ?? 0)
  const factsOf = (row: number) => rows.factsGiven(row) ?? madeFacts(options, row, listedAtOf(row))
  // A filter reads a million rows: of a made row it reads only what it needs.
  const statusOf = (row: number) => (row < made ? madeStatuses.wordOf(row) : factsOf(row).status)
  const accountOf = (row: number) => (row < made ? madeAccount(options, row) : factsOf(row).account)
  const sessionOf = (row: number) => (row < made ? madeSession(options, row) : factsOf(row).session)
  const isNullRun = (row: number) => (row < made ? madeNullRun(options, row) : factsOf(row).nullRun)

  const order = () => {
    if (sorted !== null) return sorted
    sorted = rows.list()
    sortLatestFirst(sorted, listedAtOf)
    return sorted
  }
  const rowOfRun = (runId: string) => {
    const row = indexOfUuid(runId, seed, rows.count(), salts.run)
    return row === null || !rows.has(row) ? null : row
  }

  return {
    actors,
    workflowId: uuidOf(seed, 0, salts.workflow),
    appId: uuidOf(seed, 0, salts.app),
    logId: (row) => uuidOf(seed, row, salts.log),
    runId: (row) => uuidOf(seed, row, salts.run),
    listedAtOf,
    factsOf,
    rowOfRun,
    rowOf: (id) => {
      const row = indexOfUuid(id, seed, rows.count(), salts.log)
      if (row === null) return rowOfRun(id)
      return rows.has(row) ? row : null
    },
    order,
    find: (filter, { earliest, latest }, hasKeyword) => {
      const { status, session, account, keyword } = filter
      const isPlain = status === null && session === null && account === null && keyword === null
      const passes = (row: number) =>
        (status === null || (statusOf(row) === status && !isNullRun(row))) &&
        (account === null || accountOf(row) === account) &&
        (session === null || sessionOf(row) === session) &&
        (keyword === null || (!isNullRun(row) && hasKeyword(row)))
      const items = isPlain
        ? order()
        : cache.get(JSON.stringify([status, session, account, keyword]), () =>
            selectItems(order(), passes),
          )
      return between(items, listedAtOf, earliest, latest)
    },
    page: (found, offset, limit) => {
      const page = pageOf(found, offset, limit)
      if (options.ties === "fixed") return itemsIn(page)
      const tieOf = (row: number) => hash(seed + offset + limit, row, salts.tie)
      return pageOfTies(page, found, listedAtOf, tieOf)
    },
    insert,
    remove: (row) => {
      rows.remove(row)
      sorted = null
      cache.clear()
    },
    finish: (row, status, at) => {
      rows.setFacts(row, endedFacts(factsOf(row), status, at))
      if (row < made) madeStatuses.set(row, status)
      cache.clear()
    },
  }
}
