import { makeHistoryRows } from "../shared/HistoryRows.js"
import type { Items } from "../shared/Items.js"
import { makePrefectIdentities, type PrefectIdentities } from "./Identities.js"
import { kindOf } from "./Kinds.js"
import {
  madeChild,
  madeCreated,
  madeDeployed,
  madeEnd,
  madeExpected,
  madeFacts,
  madeFlow,
  madeKind,
  madeName,
  madeParent,
  madeScheduled,
  madeStart,
  madeTags,
  type PrefectSeed,
  unstartedEnd,
} from "./MadeRun.js"
import { givenFacts, movedFacts, type PrefectRun, type PrefectRunFacts } from "./Run.js"
import type { PrefectState, PrefectStateType } from "./State.js"

/** The inputs that determine a history. */
export interface PrefectHistoryOptions extends PrefectSeed {
  readonly runs: ReadonlyArray<PrefectRun> | null
}

/**
 * The flow runs of one server: those that the seed makes, and the changes of tests. A run is known by its
 * row. Times are whole microseconds.
 */
export interface PrefectHistory {
  readonly ids: PrefectIdentities
  /** Number of flows. */
  readonly flows: number
  readonly factsOf: (row: number) => PrefectRunFacts
  readonly expectedOf: (row: number) => number
  /** The start of a run; null where it has not started. */
  readonly startOf: (row: number) => number | null
  /** The end of a run; null where it has not ended. */
  readonly endOf: (row: number) => number | null
  readonly typeOf: (row: number) => PrefectStateType
  readonly stateNameOf: (row: number) => string
  readonly nameOf: (row: number) => string
  readonly flowOf: (row: number) => number
  readonly isDeployed: (row: number) => boolean
  readonly tagsOf: (row: number) => ReadonlyArray<string>
  /** The row of the run whose subflow this is, or null. */
  readonly parentOf: (row: number) => number | null
  /** The rows of a run's subflows that were not removed. */
  readonly childrenOf: (row: number) => ReadonlyArray<number>
  readonly idOf: (row: number) => string
  /** A number by which the ids sort, as far as 48 bits tell them apart. */
  readonly idHeadOf: (row: number) => number
  /** The time for which a run is scheduled; null where it is not. */
  readonly nextScheduledOf: (row: number) => number | null
  /** The row of a run, or null. */
  readonly rowOf: (id: string) => number | null
  /** Number of runs so far, removed ones included. */
  readonly count: () => number
  readonly has: (row: number) => boolean
  /** All rows, the last inserted first. */
  readonly rows: () => Items
  /** Adds a run at an instant, and returns its row. */
  readonly insert: (run: PrefectRun, now: number) => number
  readonly remove: (row: number) => void
  /** Gives a run its next state. */
  readonly move: (row: number, state: PrefectState, now: number) => void
}

/** A history, with the given runs or with made ones. */
export const makePrefectHistory = (options: PrefectHistoryOptions): PrefectHistory => {
  const { flows } = options
  const ids = makePrefectIdentities(options.seed)
  const made = options.runs === null ? options.executions : 0
  const history = makeHistoryRows<PrefectRunFacts>(made)
  const { factsGiven } = history
  const madeTimes = new Float64Array(made)
  const madeKinds = new Uint8Array(made)
  /** The rows of subflows that were given, by the row of their parent. */
  const childrenGiven = new Map<number, ReadonlyArray<number>>()
  let listed: Items | null = null

  const expectedOf = (row: number) =>
    row < made ? (madeTimes[row] ?? 0) : (factsGiven(row)?.expected ?? 0)
  const factsOf = (row: number) =>
    factsGiven(row) ?? madeFacts(options, row, expectedOf(row), madeKinds[row] ?? 0)
  // A filter reads a million runs: of a made run it reads only what it needs.
  const startOf = (row: number) => {
    const facts = factsGiven(row)
    if (facts !== undefined) return facts.start
    const { life } = kindOf(madeKinds[row])
    if (life === "waits") return null
    const expected = expectedOf(row)
    return life === "unstarted" ? unstartedEnd(expected) : madeStart(options, row, expected)
  }
  const endOf = (row: number) => {
    const facts = factsGiven(row)
    if (facts !== undefined) return facts.end
    const { life } = kindOf(madeKinds[row])
    const start = life === "ran" ? startOf(row) : null
    if (start !== null) return madeEnd(options, row, start)
    return life === "unstarted" ? unstartedEnd(expectedOf(row)) : null
  }
  const typeOf = (row: number) => factsGiven(row)?.type ?? kindOf(madeKinds[row]).type
  const parentOf = (row: number) => {
    const facts = factsGiven(row)
    return facts === undefined ? madeParent(options, row) : facts.parent
  }
  /** When a schedule made a run; null where none did. */
  const scheduledAt = (row: number) => {
    const facts = factsGiven(row)
    if (facts !== undefined) return facts.scheduled ? facts.created : null
    return madeScheduled(options, row) ? madeCreated(options, row, expectedOf(row)) : null
  }
  const idOf = (row: number) => {
    const created = scheduledAt(row)
    return created === null ? ids.run(row) : ids.scheduledRun(row, created)
  }
  const rowOf = (id: string) => {
    const row = ids.rowOfRun(id, history.count())
    if (row === null || !history.has(row)) return null
    return idOf(row) === id.toLowerCase() ? row : null
  }
  const insert = (run: PrefectRun, now: number, end: "first" | "last") => {
    const flow = run.flow ?? 0
    if (flow >= flows) throw new Error(`The Prefect simulator has no flow ${flow}`)
    const parent = run.parent === undefined ? null : rowOf(run.parent)
    if (run.parent !== undefined && parent === null)
      throw new Error(`The Prefect simulator holds no flow run ${run.parent}`)
    const row = history.insert(givenFacts(run, parent, now), end)
    if (parent !== null) childrenGiven.set(parent, [...(childrenGiven.get(parent) ?? []), row])
    listed = null
    return row
  }

  for (let row = 0; row < made; row += 1) {
    const expected = madeExpected(options, row)
    madeTimes[row] = expected
    madeKinds[row] = madeKind(options, row, expected)
  }
  for (const run of options.runs ?? []) insert(run, options.nowMicroseconds, "last")

  return {
    ids,
    flows,
    factsOf,
    expectedOf,
    startOf,
    endOf,
    typeOf,
    stateNameOf: (row) => factsGiven(row)?.stateName ?? kindOf(madeKinds[row]).name,
    nameOf: (row) => factsGiven(row)?.name ?? madeName(options, row),
    flowOf: (row) => factsGiven(row)?.flow ?? madeFlow(options, row),
    isDeployed: (row) => factsGiven(row)?.deployed ?? madeDeployed(options, row),
    tagsOf: (row) => factsGiven(row)?.tags ?? madeTags(options, row),
    parentOf,
    childrenOf: (row) => {
      const child = row < made ? madeChild(options, row) : null
      const children = [...(child === null ? [] : [child]), ...(childrenGiven.get(row) ?? [])]
      return children.filter(history.has)
    },
    idOf,
    idHeadOf: (row) => {
      const created = scheduledAt(row)
      return created === null ? ids.runHead(row) : Math.floor(created / 1000)
    },
    nextScheduledOf: (row) => (typeOf(row) === "SCHEDULED" ? factsOf(row).nextScheduled : null),
    rowOf,
    count: history.count,
    has: history.has,
    rows: () => {
      listed ??= history.list()
      return listed
    },
    insert: (run, now) => insert(run, now, "first"),
    remove: (row) => {
      history.remove(row)
      listed = null
    },
    move: (row, state, now) => history.setFacts(row, movedFacts(factsOf(row), state, now)),
  }
}
