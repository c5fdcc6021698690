import { indexInUuid7, isUuid } from "../shared/Identifiers.js"
import { IndexCache, select } from "../shared/IndexCache.js"
import {
  givenFacts,
  madeFacts,
  madeStatus,
  madeSuccessOf,
  madeWorkflow,
  N8N_ID_SALT,
  N8N_STATUSES,
  type N8nExecution,
  type N8nFacts,
  n8nIdOf,
  type N8nSeed,
  type N8nStatus,
} from "./Execution.js"

/** What decides a history. */
export interface N8nHistoryOptions extends N8nSeed {
  readonly history: readonly N8nExecution[] | null
  /** Whether what ended well is kept. */
  readonly savesSuccesses: boolean
}

/** What a list request selects by. */
export interface N8nFilter {
  readonly status: N8nStatusWord | null
  readonly workflow: number | null
  /** Bounds on the start, both inclusive. What has none lies within no bounds. */
  readonly startedAfter: number
  readonly startedBefore: number
}

/** The words that the status filter of some n8n takes. */
export const N8N_STATUS_WORDS = [
  "canceled",
  "crashed",
  "error",
  "running",
  "success",
  "waiting",
] as const
export type N8nStatusWord = (typeof N8N_STATUS_WORDS)[number]

/** Statuses of executions that n8n holds in memory, and leaves out of its lists. */
const ACTIVE: readonly N8nStatus[] = ["new", "running", "waiting"]

/** The executions of one n8n, each known by its row. */
export class N8nHistory {
  readonly #options: N8nHistoryOptions
  readonly #made: number
  readonly #statusCodes: Uint8Array
  readonly #facts = new Map<number, N8nFacts>()
  readonly #successes = new Map<number, number>()
  readonly #removed = new Set<number>()
  readonly #spoiled = new Set<number>()
  readonly #cache = new IndexCache()
  #count: number

  constructor(options: N8nHistoryOptions) {
    this.#options = options
    this.#made = options.history === null ? options.executions : 0
    this.#count = this.#made
    this.#statusCodes = new Uint8Array(this.#made)
    for (let row = 0; row < this.#made; row += 1)
      this.#statusCodes[row] = N8N_STATUSES.indexOf(madeStatus(options, row))
    for (const execution of options.history ?? []) this.insert(execution)
  }

  idOf(row: number): string {
    // A number is told without the facts, which a million rows would take seconds for.
    return row < this.#made && this.#options.engine === 1
      ? String(row + 1)
      : n8nIdOf(this.#options.seed, row, this.factsOf(row))
  }

  /** The row of an id that is there, or null. */
  rowOf(id: string): number | null {
    const row = isUuid(id)
      ? indexInUuid7(id, this.#options.seed, this.#count, N8N_ID_SALT)
      : Number(/^\d{1,9}$/.exec(id)?.[0] ?? 0) - 1
    if (row === null || row < 0 || row >= this.#count || !this.#isKept(row)) return null
    return this.idOf(row) === id.toLowerCase() ? row : null
  }

  factsOf(row: number): N8nFacts {
    return this.#facts.get(row) ?? madeFacts(this.#options, row)
  }

  /** The id of the retry that succeeded, or null. */
  successOf(row: number): string | null {
    const success =
      this.#successes.get(row) ?? (row < this.#made ? madeSuccessOf(this.#options, row) : null)
    return success === null ? null : this.idOf(success)
  }

  /** Every row, those that no list gives included, by descending ids. */
  get rows(): Uint32Array<ArrayBuffer> {
    return this.#cache.get("all", () => {
      const all = new Uint32Array(this.#count)
      let length = 0
      for (let row = this.#count - 1; row >= 0; row -= 1) {
        if (!this.#isKept(row)) continue
        all[length] = row
        length += 1
      }
      const kept = all.slice(0, length)
      if (kept.every((row) => this.#engineOf(row) === 1)) return kept
      const ids = Array.from(kept, (row) => ({ row, id: this.idOf(row) }))
      return Uint32Array.from(
        ids.toSorted((left, right) => (comesAfter(left.id, right.id) ? 1 : -1)),
        ({ row }) => row,
      )
    })
  }

  /** Up to `limit` rows behind an id, or all rows, by descending ids; and whether more follow. */
  page(
    filter: N8nFilter,
    lastId: string | null,
    limit: number,
  ): { readonly rows: readonly number[]; readonly more: boolean } {
    const { status, workflow, startedAfter, startedBefore } = filter
    const isBounded = startedAfter !== -Infinity || startedBefore !== Infinity
    const found = this.#cache.get(JSON.stringify(filter), () =>
      select(
        this.rows,
        (row) =>
          isListed(this.#statusOf(row), status) &&
          (workflow === null || this.#workflowOf(row) === workflow) &&
          (!isBounded || this.#startsWithin(row, startedAfter, startedBefore)),
      ),
    )
    let from = 0
    let to = lastId === null ? 0 : found.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if (comesAfter(this.idOf(found[middle] ?? 0), lastId ?? "")) to = middle
      else from = middle + 1
    }
    return {
      rows: Array.from(found.subarray(from, from + limit)),
      more: limit > 0 && found.length > from + limit,
    }
  }

  insert(execution: N8nExecution): number {
    const row = this.#count
    this.#count += 1
    this.#facts.set(row, givenFacts(execution, this.#options.engine))
    this.#noteSuccess(row)
    this.#cache.clear()
    return row
  }

  remove(row: number): void {
    this.#removed.add(row)
    this.#cache.clear()
  }

  /** From now on its data cannot be read. */
  spoil(row: number): void {
    this.#spoiled.add(row)
  }

  isSpoiled(row: number): boolean {
    return this.#spoiled.has(row)
  }

  finish(row: number, status: N8nStatus, stoppedAt: number): void {
    const facts = this.factsOf(row)
    this.#facts.set(row, {
      ...facts,
      status,
      // What has ended well has started.
      hasStarted: facts.hasStarted || status === "success",
      stoppedAt: Math.max(stoppedAt, facts.startedAt),
    })
    if (row < this.#made) this.#statusCodes[row] = N8N_STATUSES.indexOf(status)
    this.#noteSuccess(row)
    this.#cache.clear()
  }

  #noteSuccess(row: number): void {
    const { retryOf, status } = this.factsOf(row)
    const retried = retryOf === null ? null : this.rowOf(retryOf)
    if (retried !== null && status === "success") this.#successes.set(retried, row)
  }

  #isKept(row: number): boolean {
    if (this.#removed.has(row)) return false
    return this.#options.savesSuccesses || this.#statusOf(row) !== "success"
  }

  #engineOf(row: number): 1 | 2 {
    return row < this.#made ? this.#options.engine : this.factsOf(row).engine
  }

  #startsWithin(row: number, earliest: number, latest: number): boolean {
    const { hasStarted, startedAt } = this.factsOf(row)
    return hasStarted && startedAt >= earliest && startedAt <= latest
  }

  #statusOf(row: number): N8nStatus {
    if (row >= this.#made) return this.factsOf(row).status
    return N8N_STATUSES[this.#statusCodes[row] ?? 0] ?? "success"
  }

  #workflowOf(row: number): number {
    return row < this.#made ? madeWorkflow(this.#options, row) : this.factsOf(row).workflow
  }
}

/** Whether an id comes later in a list: numbers go down, and UUIDs come behind them. */
const comesAfter = (id: string, other: string): boolean => {
  if (isUuid(id)) return !isUuid(other) || id < other.toLowerCase()
  return !isUuid(other) && Number(id) < Number(other)
}

/** n8n lists what runs only where it is asked for that, and takes what crashed for an error. */
const isListed = (status: N8nStatus, asked: N8nFilter["status"]): boolean => {
  if (asked === "running") return status === "running"
  if (ACTIVE.includes(status)) return false
  return asked === null || status === asked || (asked === "error" && status === "crashed")
}
