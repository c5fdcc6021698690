import {
  kindOf,
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
import {
  givenFacts,
  movedFacts,
  type PrefectRun,
  type PrefectRunFacts,
  type PrefectState,
  type PrefectStateType,
} from "./Run.js"
import { PrefectIdentities } from "./Identities.js"

/** What decides a history. */
export interface PrefectHistoryOptions extends PrefectSeed {
  readonly runs: readonly PrefectRun[] | null
}

/**
 * The flow runs of one server: what the seed makes, and what tests have changed since. A run is
 * named by its row. Times are whole microseconds.
 */
export class PrefectHistory {
  readonly ids: PrefectIdentities
  readonly flows: number
  readonly #options: PrefectHistoryOptions
  readonly #made: number
  readonly #expected: Float64Array
  readonly #kinds: Uint8Array
  readonly #facts = new Map<number, PrefectRunFacts>()
  readonly #children = new Map<number, number[]>()
  readonly #removed = new Set<number>()
  #given: number
  #count: number
  #rows: Uint32Array<ArrayBuffer> | null = null

  constructor(options: PrefectHistoryOptions) {
    this.ids = new PrefectIdentities(options.seed)
    this.flows = options.flows
    this.#options = options
    this.#made = options.runs === null ? options.executions : 0
    this.#given = 0
    this.#count = this.#made
    this.#expected = new Float64Array(this.#made)
    this.#kinds = new Uint8Array(this.#made)
    for (let row = 0; row < this.#made; row += 1) {
      const expected = madeExpected(options, row)
      this.#expected[row] = expected
      this.#kinds[row] = madeKind(options, row, expected)
    }
    for (const run of options.runs ?? []) {
      this.insert(run, options.nowMicroseconds)
      this.#given += 1
    }
  }

  readonly expectedOf = (row: number): number =>
    row < this.#made ? (this.#expected[row] ?? 0) : (this.#facts.get(row)?.expected ?? 0)

  /** Null where it has not started. */
  startOf(row: number): number | null {
    const facts = this.#known(row)
    if (facts !== undefined) return facts.start
    const { life } = kindOf(this.#kinds[row])
    if (life === "waits") return null
    const expected = this.expectedOf(row)
    return life === "unstarted" ? unstartedEnd(expected) : madeStart(this.#options, row, expected)
  }

  /** Null where it has not ended. */
  endOf(row: number): number | null {
    const facts = this.#known(row)
    if (facts !== undefined) return facts.end
    const { life } = kindOf(this.#kinds[row])
    const start = life === "ran" ? this.startOf(row) : null
    if (start !== null) return madeEnd(this.#options, row, start)
    return life === "unstarted" ? unstartedEnd(this.expectedOf(row)) : null
  }

  typeOf(row: number): PrefectStateType {
    return this.#known(row)?.type ?? kindOf(this.#kinds[row]).type
  }

  stateNameOf(row: number): string {
    return this.#known(row)?.stateName ?? kindOf(this.#kinds[row]).name
  }

  nameOf(row: number): string {
    return this.#known(row)?.name ?? madeName(this.#options, row)
  }

  flowOf(row: number): number {
    return this.#known(row)?.flow ?? madeFlow(this.#options, row)
  }

  isDeployed(row: number): boolean {
    return this.#known(row)?.deployed ?? madeDeployed(this.#options, row)
  }

  tagsOf(row: number): readonly string[] {
    return this.#known(row)?.tags ?? madeTags(this.#options, row)
  }

  /** The row of the run whose subflow this is, or null. */
  parentOf(row: number): number | null {
    const facts = this.#known(row)
    return facts === undefined ? madeParent(this.#options, row) : facts.parent
  }

  /** The rows of a run's subflows that are still there. */
  childrenOf(row: number): readonly number[] {
    const made = row < this.#made ? madeChild(this.#options, row) : null
    const children = [...(made === null ? [] : [made]), ...(this.#children.get(row) ?? [])]
    return children.filter((child) => !this.#removed.has(child))
  }

  idOf(row: number): string {
    const created = this.#scheduledAt(row)
    return created === null ? this.ids.run(row) : this.ids.scheduledRun(row, created)
  }

  /** A number by which the ids sort, as far as 48 bits tell. */
  idHeadOf(row: number): number {
    const created = this.#scheduledAt(row)
    return created === null ? this.ids.runHead(row) : Math.floor(created / 1000)
  }

  /** Null where it does not wait for a time. */
  nextScheduledOf(row: number): number | null {
    return this.typeOf(row) === "SCHEDULED" ? this.factsOf(row).nextScheduled : null
  }

  factsOf(row: number): PrefectRunFacts {
    const facts = this.#known(row)
    return facts ?? madeFacts(this.#options, row, this.expectedOf(row), this.#kinds[row] ?? 0)
  }

  /** The row of a run that is there, or null. */
  rowOf(id: string): number | null {
    const row = this.ids.rowOfRun(id, this.#count)
    if (row === null || this.#removed.has(row)) return null
    return this.idOf(row) === id.toLowerCase() ? row : null
  }

  /** How many runs there have been. */
  get count(): number {
    return this.#count
  }

  has(row: number): boolean {
    return row < this.#count && !this.#removed.has(row)
  }

  /** Every row, what was inserted last first. */
  get rows(): Uint32Array<ArrayBuffer> {
    if (this.#rows !== null) return this.#rows
    const all = new Uint32Array(this.#count)
    let length = 0
    const add = (row: number): void => {
      if (this.#removed.size > 0 && this.#removed.has(row)) return
      all[length] = row
      length += 1
    }
    const initial = this.#made + this.#given
    for (let row = this.#count - 1; row >= initial; row -= 1) add(row)
    for (let row = 0; row < initial; row += 1) add(row)
    this.#rows = all.subarray(0, length)
    return this.#rows
  }

  insert(run: PrefectRun, now: number): number {
    const flow = run.flow ?? 0
    if (flow >= this.flows) throw new Error(`The Prefect simulator has no flow ${flow}`)
    const parent = run.parent === undefined ? null : this.rowOf(run.parent)
    if (run.parent !== undefined && parent === null)
      throw new Error(`The Prefect simulator holds no flow run ${run.parent}`)
    const row = this.#count
    this.#count += 1
    this.#facts.set(row, givenFacts(run, parent, now))
    if (parent !== null) this.#children.set(parent, [...(this.#children.get(parent) ?? []), row])
    this.#rows = null
    return row
  }

  remove(row: number): void {
    this.#removed.add(row)
    this.#rows = null
  }

  move(row: number, state: PrefectState, now: number): void {
    this.#facts.set(row, movedFacts(this.factsOf(row), state, now))
  }

  /** When a schedule made the run; null where none did. */
  #scheduledAt(row: number): number | null {
    const facts = this.#known(row)
    if (facts !== undefined) return facts.scheduled ? facts.created : null
    if (!madeScheduled(this.#options, row)) return null
    return madeCreated(this.#options, row, this.expectedOf(row))
  }

  #known(row: number): PrefectRunFacts | undefined {
    return this.#facts.size === 0 ? undefined : this.#facts.get(row)
  }
}
