import { DifyHistory } from "./History.js"
import { type DifyQuery, DifyQueryError, readDifyQuery } from "./Query.js"
import type { DifyRow, DifyStatus } from "./Row.js"
import {
  type DifyRunTimes,
  type DifyVersion,
  type DifyWireRow,
  keywordTest,
  wireRow,
  wireRunDetail,
} from "./Wire.js"
import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../shared/HttpAnswer.js"
import { isUuid } from "../shared/Identifiers.js"
import { type Instant, microseconds } from "../shared/Instant.js"

/** The Dify side of a simulator. */
export interface DifyOptions {
  /** How many rows to make. Default 250. */
  readonly executions?: number | undefined
  /** A history of your own instead. */
  readonly rows?: readonly DifyRow[] | undefined
  /** Default 1. */
  readonly seed?: number | undefined
  /** The newest made row lies at or shortly before it. Default 2026-11-21T08:00:00Z. */
  readonly now?: Date | undefined
  /** How dense the made history is. Default 120. */
  readonly perHour?: number | undefined
  /** The log row is written that many seconds after its run began: least and most. Default [0, 2]. */
  readonly logDelay?: readonly [number, number] | undefined
  /** Whether log rows have microseconds below the whole seconds shown. Default true. */
  readonly microseconds?: boolean | undefined
  /** Order of rows of equal time: the same always, or another for each page and page size. Default "fixed". */
  readonly ties?: "fixed" | "shuffled" | undefined
  /** Default "1.12.1". */
  readonly version?: DifyVersion | undefined
  /** Default "app-simulator-key". */
  readonly apiKey?: string | undefined
  /** How many end users there are. Default 8. */
  readonly users?: number | undefined
  /** The part of the rows, from 0 to 1, whose `workflow_run` is null. Default 0. */
  readonly nullRuns?: number | undefined
  /** A larger limit is refused. Default 100. */
  readonly maxPageSize?: number | undefined
  /** A larger limit is silently taken as this one. */
  readonly clampTo?: number | undefined
  /** Time that 1000 skipped rows cost. Default 0. */
  readonly offsetCostMs?: number | undefined
  /** How times of one run are written: "text" is RFC 2822 and 0 for none, as 1.0.1 does. Default "seconds". */
  readonly runTimes?: DifyRunTimes | undefined
  /** The app's API is switched off: 403. */
  readonly disabled?: boolean | undefined
  /** The key is a chat app's: an empty list, and 400 for a run. */
  readonly chatApp?: boolean | undefined
}

/** A row to insert. `at` is when its log row was written: by default now, which moves on by 250 ms. */
export interface DifyInsert extends Omit<DifyRow, "listedAt"> {
  readonly at?: Instant | undefined
  /** Seconds from the start of the run to its log row. Default 0. */
  readonly delay?: number | undefined
  /** Where it stands among rows of the same time. Default "first". */
  readonly amongTies?: "first" | "last" | undefined
}

const HEADERS = { newer: "1.13.0", older: "0.15.3", "1.12.1": "1.12.1" } as const

const NOT_FOUND =
  "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n" +
  "<p>The requested URL was not found on the server. " +
  "If you entered the URL manually please check your spelling and try again.</p>\n"

/** Dify's log API over one history. */
export class DifyServer {
  readonly apiKey: string
  readonly offsetCostMs: number
  readonly #options: DifyOptions
  readonly #version: DifyVersion
  readonly #history: DifyHistory
  readonly #spoiled = new Set<number>()
  #clock: number

  constructor(options: DifyOptions) {
    const now = microseconds(options.now ?? new Date("2026-11-21T08:00:00Z"))
    this.#options = options
    this.#version = options.version ?? "1.12.1"
    this.apiKey = options.apiKey ?? "app-simulator-key"
    this.offsetCostMs = options.offsetCostMs ?? 0
    this.#clock = now
    this.#history = new DifyHistory({
      executions: options.executions ?? 250,
      rows: options.rows ?? null,
      seed: options.seed ?? 1,
      nowMicroseconds: now,
      perHour: options.perHour ?? 120,
      logDelay: options.logDelay ?? [0, 2],
      microseconds: options.microseconds ?? true,
      ties: options.ties ?? "fixed",
      users: options.users ?? 8,
      nullRuns: options.nullRuns ?? 0,
    })
  }

  *truth(): Generator<DifyWireRow, void, undefined> {
    for (const row of this.#history.order) yield wireRow(this.#history, row, this.#version)
  }

  listedAt(id: string): number {
    return this.#history.listedAtOf(this.#rowOf(id)) / 1000
  }

  insert(insert: DifyInsert): { logId: string; runId: string } {
    const { at, delay, amongTies, ...row } = insert
    const listedAt = at ?? this.#tick() / 1000
    const startedAt = row.startedAt ?? Number(listedAt) - (delay ?? 0) * 1000
    const inserted = this.#history.insert({ ...row, listedAt, startedAt }, amongTies ?? "first")
    return { logId: this.#history.logId(inserted), runId: this.#history.runId(inserted) }
  }

  delete(id: string): void {
    this.#history.remove(this.#rowOf(id))
  }

  finish(runId: string, status: DifyStatus, at?: Instant): void {
    const finishedAt = at === undefined ? this.#tick() : microseconds(at)
    this.#history.finish(this.#rowOf(runId), status, finishedAt)
  }

  spoil(id: string): void {
    this.#spoiled.add(this.#rowOf(id))
  }

  answer(request: HttpRequest): HttpAnswer {
    const run = /^\/workflows\/run\/([^/]+)$/.exec(request.path)?.[1]
    if (request.path !== "/workflows/logs" && run === undefined) return this.#html(404, NOT_FOUND)
    if (request.method !== "GET") {
      return this.#error(
        405,
        "method_not_allowed",
        "The method is not allowed for the requested URL.",
      )
    }
    const refusal = this.#refusal(request.headers.authorization)
    if (refusal !== null) return refusal
    if (run !== undefined) return this.#run(run)
    try {
      const older = this.#version === "older"
      const rules = { older, maxPageSize: this.#options.maxPageSize ?? 100 }
      return this.#list(readDifyQuery(request.query, rules))
    } catch (cause) {
      if (cause instanceof DifyQueryError) return this.#error(400, "invalid_param", cause.message)
      throw cause
    }
  }

  #list(query: DifyQuery): HttpAnswer {
    const account = query.account === null ? null : this.#history.accountOf(query.account)
    const known = account === query.account || this.#version === "newer"
    if (query.account !== null && (account === null || !known)) {
      throw new DifyQueryError(`Account not found: ${query.account}`)
    }
    const { page, limit, session, status, earliest, latest } = query
    if (this.#options.chatApp === true)
      return this.#json({ page, limit, total: 0, has_more: false, data: [] }, 0)
    const keyword = query.keyword?.toLowerCase() ?? null
    const hasKeyword = keywordTest(this.#history, keyword ?? "")
    const found = this.#history.find(
      { status, session, account, keyword },
      earliest,
      latest,
      hasKeyword,
    )
    const total = found.to - found.from
    const size = Math.min(limit, this.#options.clampTo ?? limit)
    const offset = (page - 1) * size
    const rows = this.#history.page(found, offset, size)
    if (rows.some((row) => this.#spoiled.has(row))) return this.#fault()
    const data = rows.map((row) => wireRow(this.#history, row, this.#version))
    return this.#json(
      { page, limit, total, has_more: total > offset + size, data },
      Math.min(offset, total),
    )
  }

  #run(id: string): HttpAnswer {
    if (this.#options.chatApp === true) {
      const message = "Please check if your app mode matches the right API route."
      return this.#error(400, "not_workflow_app", message)
    }
    if (!isUuid(id)) return this.#fault()
    const row = this.#history.rowOfRun(id)
    if (row !== null && this.#spoiled.has(row)) return this.#fault()
    return this.#json(wireRunDetail(this.#history, row, this.#options.runTimes ?? "seconds"), 0)
  }

  #fault(): HttpAnswer {
    return this.#error(500, "unknown", "Internal Server Error")
  }

  #refusal(authorization: string | undefined): HttpAnswer | null {
    if (authorization === undefined || !authorization.includes(" ")) {
      return this.#unauthorized("Authorization header must be provided and start with 'Bearer'")
    }
    const [scheme, ...rest] = authorization.split(" ")
    if (scheme?.toLowerCase() !== "bearer")
      return this.#unauthorized("Authorization scheme must be 'Bearer'")
    if (rest.join(" ").trim() !== this.apiKey) return this.#unauthorized("Access token is invalid")
    if (this.#options.disabled !== true) return null
    return this.#error(403, "forbidden", "The app's API service has been disabled.")
  }

  #rowOf(id: string): number {
    const row = this.#history.rowOf(id)
    if (row === null) throw new Error(`The Dify simulator holds no log row or run ${id}`)
    return row
  }

  #tick(): number {
    this.#clock += 250_000
    return this.#clock
  }

  get #headers(): Record<string, string> {
    return { "x-version": HEADERS[this.#version], "x-env": "PRODUCTION" }
  }

  #json(value: unknown, skipped: number): HttpAnswer {
    return jsonAnswer(200, value, this.#headers, skipped)
  }

  #html(status: number, body: string): HttpAnswer {
    return {
      status,
      headers: { "content-type": "text/html; charset=utf-8", ...this.#headers },
      body,
    }
  }

  #error(status: number, code: string, message: string): HttpAnswer {
    return jsonAnswer(status, { code, message, status }, this.#headers)
  }

  #unauthorized(message: string): HttpAnswer {
    const value = { code: "unauthorized", message, status: 401 }
    return jsonAnswer(401, value, { "www-authenticate": 'Bearer realm="api"', ...this.#headers })
  }
}
