import { IndexCache, select } from "./IndexCache.js"
import {
  givenFacts,
  madeFacts,
  madeStatus,
  madeSuccessOf,
  madeWorkflow,
  N8N_STATUSES,
  type N8nExecution,
  type N8nFacts,
  type N8nSeed,
  type N8nStatus,
} from "./N8nExecution.js"

/** What decides a history. */
export interface N8nHistoryOptions extends N8nSeed {
  readonly history: readonly N8nExecution[] | null
}

/** What a list request selects by. */
export interface N8nFilter {
  readonly status: "canceled" | "error" | "running" | "success" | "waiting" | null
  readonly workflow: number | null
}

/** Statuses of executions that n8n holds in memory, and leaves out of its lists. */
const ACTIVE: readonly N8nStatus[] = ["new", "running", "waiting"]

/** The executions of one n8n. Each is known by its row; its id is the row's number from 1. */
export class N8nHistory {
  readonly #options: N8nHistoryOptions
  readonly #made: number
  readonly #statusCodes: Uint8Array
  readonly #facts = new Map<number, N8nFacts>()
  readonly #successes = new Map<number, number>()
  readonly #removed = new Set<number>()
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
    return String(row + 1)
  }

  /** The row of an id, or null. */
  rowOf(id: string): number | null {
    const row = /^\d{1,9}$/.test(id) ? Number(id) - 1 : -1
    return row < 0 || row >= this.#count || this.#removed.has(row) ? null : row
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

  /** Every row, those that no list gives included, newest first. */
  get rows(): Uint32Array<ArrayBuffer> {
    return this.#cache.get("all", () => {
      const all = new Uint32Array(this.#count)
      let length = 0
      for (let row = this.#count - 1; row >= 0; row -= 1) {
        if (this.#removed.has(row)) continue
        all[length] = row
        length += 1
      }
      return all.slice(0, length)
    })
  }

  /** Up to `limit` rows below a row, newest first, and whether more follow. */
  page(
    { status, workflow }: N8nFilter,
    below: number,
    limit: number,
  ): { readonly rows: readonly number[]; readonly more: boolean } {
    const found = this.#cache.get(`${status} ${workflow}`, () =>
      select(
        this.rows,
        (row) =>
          isListed(this.#statusOf(row), status) &&
          (workflow === null || this.#workflowOf(row) === workflow),
      ),
    )
    let from = 0
    let to = found.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if ((found[middle] ?? 0) < below) to = middle
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
    this.#facts.set(row, givenFacts(execution))
    this.#noteSuccess(row)
    this.#cache.clear()
    return row
  }

  remove(row: number): void {
    this.#removed.add(row)
    this.#cache.clear()
  }

  finish(row: number, status: N8nStatus, stoppedAt: number): void {
    const facts = this.factsOf(row)
    this.#facts.set(row, {
      ...facts,
      status,
      stoppedAt: Math.max(stoppedAt, facts.startedAt),
    })
    if (row < this.#made) this.#statusCodes[row] = N8N_STATUSES.indexOf(status)
    this.#noteSuccess(row)
    this.#cache.clear()
  }

  #noteSuccess(row: number): void {
    const { retryOf, status } = this.factsOf(row)
    if (retryOf !== null && status === "success") this.#successes.set(Number(retryOf) - 1, row)
  }

  #statusOf(row: number): N8nStatus {
    if (row >= this.#made) return this.factsOf(row).status
    return N8N_STATUSES[this.#statusCodes[row] ?? 0] ?? "success"
  }

  #workflowOf(row: number): number {
    return row < this.#made ? madeWorkflow(this.#options, row) : this.factsOf(row).workflow
  }
}

/** n8n lists what runs only where it is asked for that, and takes what crashed for an error. */
const isListed = (status: N8nStatus, asked: N8nFilter["status"]): boolean => {
  if (asked === "running") return status === "running"
  if (ACTIVE.includes(status)) return false
  return asked === null || status === asked || (asked === "error" && status === "crashed")
}
