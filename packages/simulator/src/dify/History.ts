import {
  DIFY_ACCOUNTS,
  DIFY_STATUSES,
  type DifyRow,
  type DifyRowFacts,
  type DifySeed,
  type DifyStatus,
  endedFacts,
  givenFacts,
  madeAccount,
  madeFacts,
  madeNullRun,
  madeSession,
  madeStatus,
} from "./Row.js"
import { indexOfUuid, uuidOf } from "../shared/Identifiers.js"
import { IndexCache, select } from "../shared/IndexCache.js"
import { microseconds } from "../shared/Instant.js"
import { fraction, hash } from "../shared/Random.js"
import { between, pageOfTies, type Range, sortLatestFirst } from "../shared/TimeOrder.js"

/** What decides a history. */
export interface DifyHistoryOptions extends DifySeed {
  readonly executions: number
  readonly rows: readonly DifyRow[] | null
  readonly perHour: number
  readonly microseconds: boolean
  readonly ties: "fixed" | "shuffled"
}

/** What a list request selects by, time apart. */
export interface DifyFilter {
  readonly status: DifyStatus | null
  readonly session: string | null
  readonly account: string | null
  readonly keyword: string | null
}

const GROUP = 16
const BURST_MICROSECONDS = 2_000_000
const SALT = {
  log: 21,
  run: 22,
  burst: 23,
  place: 24,
  tie: 25,
  endUser: 26,
  account: 27,
  workflow: 28,
  app: 29,
}

/** The rows of one app: what the seed makes, and what tests have changed since. */
export class DifyHistory {
  readonly workflowId: string
  readonly appId: string
  readonly #options: DifyHistoryOptions
  readonly #made: number
  readonly #listedAt: Float64Array
  readonly #statusCodes: Uint8Array
  readonly #givenListedAt = new Map<number, number>()
  readonly #facts = new Map<number, DifyRowFacts>()
  readonly #removed = new Set<number>()
  readonly #insertedFirst: number[] = []
  readonly #insertedLast: number[] = []
  readonly #given: number
  readonly #accounts: string[] = [...DIFY_ACCOUNTS]
  readonly #sessions: string[] = []
  readonly #cache = new IndexCache()
  #count: number
  #order: Uint32Array<ArrayBuffer> | null = null
  readonly listedAtOf = (row: number): number =>
    row < this.#made ? (this.#listedAt[row] ?? 0) : (this.#givenListedAt.get(row) ?? 0)

  constructor(options: DifyHistoryOptions) {
    this.#options = options
    this.workflowId = uuidOf(options.seed, 0, SALT.workflow)
    this.appId = uuidOf(options.seed, 0, SALT.app)
    this.#made = options.rows === null ? options.executions : 0
    this.#given = options.rows?.length ?? 0
    this.#count = this.#made + this.#given
    this.#listedAt = new Float64Array(this.#made)
    this.#statusCodes = new Uint8Array(this.#made)
    for (let user = 1; user <= options.users; user += 1) this.#sessions.push(`user-${user}`)
    for (let row = 0; row < this.#made; row += 1) {
      const listedAt = this.#madeListedAt(row)
      this.#listedAt[row] = listedAt
      this.#statusCodes[row] = DIFY_STATUSES.indexOf(madeStatus(options, row, listedAt))
    }
    for (const [row, given] of (options.rows ?? []).entries()) this.#keep(row, given)
  }

  logId(row: number): string {
    return uuidOf(this.#options.seed, row, SALT.log)
  }

  runId(row: number): string {
    return uuidOf(this.#options.seed, row, SALT.run)
  }

  endUserId(session: string): string {
    return uuidOf(this.#options.seed, this.#sessions.indexOf(session), SALT.endUser)
  }

  accountId(email: string): string {
    return uuidOf(this.#options.seed, this.#accounts.indexOf(email), SALT.account)
  }

  /** The e-mail of an account, looked up by e-mail or id; null where there is none. */
  accountOf(emailOrId: string): string | null {
    return (
      this.#accounts.find((email) => email === emailOrId || this.accountId(email) === emailOrId) ??
      null
    )
  }

  factsOf(row: number): DifyRowFacts {
    return this.#facts.get(row) ?? madeFacts(this.#options, row, this.listedAtOf(row))
  }

  /** The row of a run, or null. */
  rowOfRun(runId: string): number | null {
    const row = indexOfUuid(runId, this.#options.seed, this.#count, SALT.run)
    return row === null || this.#removed.has(row) ? null : row
  }

  /** The row of a log row or run, or null. */
  rowOf(id: string): number | null {
    const row = indexOfUuid(id, this.#options.seed, this.#count, SALT.log) ?? this.rowOfRun(id)
    return row === null || this.#removed.has(row) ? null : row
  }

  /** Every row, newest first. */
  get order(): Uint32Array<ArrayBuffer> {
    if (this.#order !== null) return this.#order
    const all = new Uint32Array(this.#count)
    let length = 0
    const add = (row: number): void => {
      if (this.#removed.size > 0 && this.#removed.has(row)) return
      all[length] = row
      length += 1
    }
    for (const row of this.#insertedFirst.toReversed()) add(row)
    for (let row = 0; row < this.#made + this.#given; row += 1) add(row)
    for (const row of this.#insertedLast) add(row)
    const order = all.subarray(0, length)
    sortLatestFirst(order, this.listedAtOf)
    this.#order = order
    return order
  }

  /** The rows that pass, newest first, between two inclusive bounds in microseconds. */
  find(
    filter: DifyFilter,
    earliest: number,
    latest: number,
    hasKeyword: (row: number) => boolean,
  ): Range {
    const { status, session, account, keyword } = filter
    const order = this.order
    const plain = status === null && session === null && account === null && keyword === null
    const items = plain
      ? order
      : this.#cache.get(JSON.stringify([status, session, account, keyword]), () =>
          select(
            order,
            (row) =>
              (status === null || (this.#statusOf(row) === status && !this.#isNullRun(row))) &&
              (account === null || this.#accountOfRow(row) === account) &&
              (session === null || this.#sessionOfRow(row) === session) &&
              (keyword === null || (!this.#isNullRun(row) && hasKeyword(row))),
          ),
        )
    return between(items, this.listedAtOf, earliest, latest)
  }

  /** One page of what was found. */
  page(found: Range, offset: number, limit: number): number[] {
    const from = Math.min(found.from + offset, found.to)
    const to = Math.min(from + limit, found.to)
    if (this.#options.ties === "fixed" || from === to)
      return Array.from(found.items.subarray(from, to))
    const tieOf = (row: number): number => hash(this.#options.seed + offset + limit, row, SALT.tie)
    return pageOfTies({ ...found, from, to }, found, this.listedAtOf, tieOf)
  }

  insert(row: DifyRow, amongTies: "first" | "last"): number {
    const inserted = this.#count
    this.#count += 1
    this.#keep(inserted, row)
    ;(amongTies === "first" ? this.#insertedFirst : this.#insertedLast).push(inserted)
    this.#changed(true)
    return inserted
  }

  remove(row: number): void {
    this.#removed.add(row)
    this.#changed(true)
  }

  finish(row: number, status: DifyStatus, at: number): void {
    this.#facts.set(row, endedFacts(this.factsOf(row), status, at))
    if (row < this.#made) this.#statusCodes[row] = DIFY_STATUSES.indexOf(status)
    this.#changed(false)
  }

  #keep(row: number, given: DifyRow): void {
    const facts = givenFacts(given)
    const listedAt = microseconds(given.listedAt)
    this.#givenListedAt.set(
      row,
      this.#options.microseconds ? listedAt : Math.floor(listedAt / 1_000_000) * 1_000_000,
    )
    this.#facts.set(row, facts)
    const { account, session } = facts
    if (account !== null && !this.#accounts.includes(account)) this.#accounts.push(account)
    if (session !== null && !this.#sessions.includes(session)) this.#sessions.push(session)
  }

  #changed(reordered: boolean): void {
    if (reordered) this.#order = null
    this.#cache.clear()
  }

  // Rows come in groups, some of which fall within two seconds, as a batch job's do.
  #madeListedAt(row: number): number {
    const { seed, nowMicroseconds, perHour } = this.#options
    const group = Math.floor(row / GROUP)
    const spread = (3_600_000_000 / perHour) * GROUP
    const width =
      fraction(seed, group, SALT.burst) < 0.25 ? Math.min(spread, BURST_MICROSECONDS) : spread
    const place = ((row % GROUP) + fraction(seed, row, SALT.place)) / GROUP
    const listedAt = Math.floor(nowMicroseconds - group * spread - place * width)
    return this.#options.microseconds ? listedAt : Math.floor(listedAt / 1_000_000) * 1_000_000
  }

  #statusOf(row: number): DifyStatus {
    if (row >= this.#made) return this.factsOf(row).status
    return DIFY_STATUSES[this.#statusCodes[row] ?? 0] ?? "succeeded"
  }

  #accountOfRow(row: number): string | null {
    return row < this.#made ? madeAccount(this.#options, row) : this.factsOf(row).account
  }

  #sessionOfRow(row: number): string | null {
    if (row >= this.#made) return this.factsOf(row).session
    return madeAccount(this.#options, row) === null ? madeSession(this.#options, row) : null
  }

  #isNullRun(row: number): boolean {
    return row < this.#made ? madeNullRun(this.#options, row) : this.factsOf(row).nullRun
  }
}
