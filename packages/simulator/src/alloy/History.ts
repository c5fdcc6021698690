import { AlloyIdentities } from "./Identities.js"
import { below, fraction } from "../shared/Random.js"
import { sortLatestFirst } from "../shared/TimeOrder.js"

/** An execution of a history that is given rather than made. Times are Dates or milliseconds since 1970. */
export interface AlloyExecution {
  readonly startedAt: Date | number
  /** null while it runs. */
  readonly completedAt: Date | number | null
  readonly failed?: boolean | undefined
  /** It ended before it started: one event tells of it, and no start. Default false. */
  readonly unstarted?: boolean | undefined
  /** Which workflow, from 0. Default 0. */
  readonly workflow?: number | undefined
  /** Which user, from 0. Default 0. */
  readonly user?: number | undefined
  /** `createdAt` of the first event. Default: `startedAt`. */
  readonly startListedAt?: Date | number | undefined
  /** `createdAt` of the last event. Default: `completedAt`. */
  readonly endListedAt?: Date | number | undefined
}

/** What decides a history. */
export interface AlloyHistoryOptions {
  readonly executions: number
  readonly history: readonly AlloyExecution[] | null
  readonly seed: number
  readonly now: number
  readonly perHour: number
  readonly workflows: number
  readonly users: number
}

/** Everything that is known of an execution. Times are milliseconds. */
export interface AlloyFacts {
  readonly startedAt: number
  readonly completedAt: number | null
  readonly failed: boolean
  readonly unstarted: boolean
  readonly workflow: number
  readonly user: number
  readonly startListedAt: number
  readonly endListedAt: number
}

const GROUP = 16
const BURST_MILLISECONDS = 2000
const SALT = {
  burst: 41,
  place: 42,
  duration: 43,
  outcome: 44,
  workflow: 45,
  user: 46,
  startLag: 47,
  endLag: 48,
}

/**
 * The executions of one Alloy account and their events. An event is a number: its execution's
 * times two, plus one for the event that ends it.
 */
export class AlloyHistory {
  readonly options: AlloyHistoryOptions
  readonly ids: AlloyIdentities
  readonly #made: number
  readonly #given: number
  readonly #facts = new Map<number, AlloyFacts>()
  readonly #removed = new Set<number>()
  readonly #startedAt: Float64Array
  /** NaN while it runs. */
  readonly #completedAt: Float64Array
  #count: number
  #events: Uint32Array<ArrayBuffer> | null = null
  #starts: Uint32Array<ArrayBuffer> | null = null

  constructor(options: AlloyHistoryOptions) {
    this.options = options
    this.ids = new AlloyIdentities(options.seed)
    this.#made = options.history === null ? options.executions : 0
    this.#given = options.history?.length ?? 0
    this.#count = this.#made + this.#given
    this.#startedAt = new Float64Array(this.#made)
    this.#completedAt = new Float64Array(this.#made)
    for (let execution = 0; execution < this.#made; execution += 1) {
      const startedAt = this.#madeStart(execution)
      this.#startedAt[execution] = startedAt
      this.#completedAt[execution] = this.#madeEnd(execution, startedAt)
    }
    for (const [index, execution] of (options.history ?? []).entries()) this.#keep(index, execution)
  }

  readonly eventTime = (event: number): number => {
    const execution = event >>> 1
    const ending = (event & 1) === 1
    const given = this.#factsGiven(execution)
    if (given !== undefined) return ending ? given.endListedAt : given.startListedAt
    const time = ending ? this.#completedAt[execution] : this.#startedAt[execution]
    return (time ?? 0) + this.#lag(execution, ending)
  }

  readonly startTime = (execution: number): number =>
    this.#factsGiven(execution)?.startedAt ?? this.#startedAt[execution] ?? 0

  /** 0 while it runs. */
  endTime(execution: number): number {
    if (this.isRunning(execution)) return 0
    return this.#factsGiven(execution)?.completedAt ?? this.#completedAt[execution] ?? 0
  }

  isRunning(execution: number): boolean {
    const given = this.#factsGiven(execution)
    return given === undefined
      ? Number.isNaN(this.#completedAt[execution] ?? NaN)
      : given.completedAt === null
  }

  isUnstarted(execution: number): boolean {
    return this.#factsGiven(execution)?.unstarted === true
  }

  hasFailed(execution: number): boolean {
    const given = this.#factsGiven(execution)
    return given === undefined
      ? fraction(this.options.seed, execution, SALT.outcome) < 0.08
      : given.failed
  }

  workflowOf(execution: number): number {
    const given = this.#factsGiven(execution)
    return (
      given?.workflow ?? below(this.options.workflows, this.options.seed, execution, SALT.workflow)
    )
  }

  userOf(execution: number): number {
    return (
      this.#factsGiven(execution)?.user ??
      below(this.options.users, this.options.seed, execution, SALT.user)
    )
  }

  factsOf(execution: number): AlloyFacts {
    const running = this.isRunning(execution)
    const given = this.#factsGiven(execution)
    return (
      given ?? {
        startedAt: this.#startedAt[execution] ?? 0,
        completedAt: running ? null : (this.#completedAt[execution] ?? 0),
        failed: !running && this.hasFailed(execution),
        unstarted: false,
        workflow: this.workflowOf(execution),
        user: this.userOf(execution),
        startListedAt: this.eventTime(execution * 2),
        endListedAt: this.eventTime(execution * 2 + 1),
      }
    )
  }

  /** Every event, newest first. */
  get events(): Uint32Array<ArrayBuffer> {
    if (this.#events !== null) return this.#events
    const all = new Uint32Array(this.#count * 2)
    let length = 0
    for (const execution of this.#newestFirst()) {
      if (!this.isRunning(execution)) all[length++] = execution * 2 + 1
      if (!this.isUnstarted(execution)) all[length++] = execution * 2
    }
    this.#events = all.subarray(0, length)
    sortLatestFirst(this.#events, this.eventTime)
    return this.#events
  }

  /** Every execution that has started, last started first. */
  get starts(): Uint32Array<ArrayBuffer> {
    if (this.#starts !== null) return this.#starts
    const all = new Uint32Array(this.#count)
    let length = 0
    for (const execution of this.#newestFirst()) {
      if (!this.isUnstarted(execution)) all[length++] = execution
    }
    this.#starts = all.subarray(0, length)
    sortLatestFirst(this.#starts, this.startTime)
    return this.#starts
  }

  insert(execution: AlloyExecution): number {
    const inserted = this.#count
    this.#count += 1
    this.#keep(inserted, execution)
    this.#changed()
    return inserted
  }

  remove(execution: number): void {
    this.#removed.add(execution)
    this.#changed()
  }

  finish(execution: number, failed: boolean, at: number): void {
    const facts = this.factsOf(execution)
    const completedAt = Math.max(at, facts.startedAt)
    this.#facts.set(execution, {
      ...facts,
      failed,
      completedAt,
      endListedAt: Math.max(completedAt, facts.startListedAt),
    })
    this.#changed()
  }

  /** The execution with this `executionUuid`, or null. */
  withUuid(uuid: string): number | null {
    const execution = this.ids.executionOfUuid(uuid, this.#count)
    return execution === null || this.#removed.has(execution) ? null : execution
  }

  #factsGiven(execution: number): AlloyFacts | undefined {
    return this.#facts.size === 0 ? undefined : this.#facts.get(execution)
  }

  *#newestFirst(): Generator<number, void, undefined> {
    const initial = this.#made + this.#given
    for (let execution = this.#count - 1; execution >= initial; execution -= 1) {
      if (!this.#removed.has(execution)) yield execution
    }
    for (let execution = 0; execution < initial; execution += 1) {
      if (!this.#removed.has(execution)) yield execution
    }
  }

  #keep(index: number, given: AlloyExecution): void {
    const startedAt = Number(given.startedAt)
    const completedAt = given.completedAt === null ? null : Number(given.completedAt)
    const { workflow = 0, user = 0, failed = false } = given
    if (workflow >= this.options.workflows || user >= this.options.users) {
      throw new Error(`The Alloy simulator has no workflow ${workflow} or no user ${user}`)
    }
    this.#facts.set(index, {
      startedAt,
      completedAt,
      failed: failed && completedAt !== null,
      unstarted: given.unstarted === true && completedAt !== null,
      workflow,
      user,
      startListedAt: Number(given.startListedAt ?? startedAt),
      endListedAt: Number(given.endListedAt ?? completedAt ?? startedAt),
    })
  }

  #changed(): void {
    this.#events = null
    this.#starts = null
  }

  // Executions come in groups, some of which fall within two seconds, as a batch job's do.
  #madeStart(execution: number): number {
    const { seed, now, perHour } = this.options
    const group = Math.floor(execution / GROUP)
    const spread = (3_600_000 / perHour) * GROUP
    const width =
      fraction(seed, group, SALT.burst) < 0.25 ? Math.min(spread, BURST_MILLISECONDS) : spread
    const place = ((execution % GROUP) + fraction(seed, execution, SALT.place)) / GROUP
    return Math.floor(now - 5 - group * spread - place * width)
  }

  #madeEnd(execution: number, startedAt: number): number {
    const { seed, now } = this.options
    if (fraction(seed, execution, SALT.outcome) > 0.99) return NaN
    const roll = fraction(seed, execution, SALT.duration)
    const duration = 50 + (roll > 0.99 ? (roll - 0.99) * 100 * 3_600_000 : roll ** 3 * 20_000)
    const completedAt = startedAt + Math.floor(duration)
    return completedAt > now - 5 ? NaN : completedAt
  }

  #lag(execution: number, ending: boolean): number {
    return below(6, this.options.seed, execution, ending ? SALT.endLag : SALT.startLag)
  }
}
