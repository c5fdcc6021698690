import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../shared/HttpAnswer.js"
import type { N8nExecution, N8nStatus } from "./Execution.js"
import { N8N_STATUS_WORDS, N8nHistory, type N8nStatusWord } from "./History.js"
import {
  type N8nQuery,
  N8nQueryError,
  type N8nQueryRules,
  nextCursor,
  readN8nQuery,
  readIncludeData,
} from "./Query.js"
import { type N8nWireExecution, wireData, wireExecution, workflowIdOf } from "./Wire.js"

/** The n8n side of a simulator. */
export interface N8nOptions {
  /** How many executions to make. Default 250. */
  readonly executions?: number | undefined
  /** A history of your own instead, oldest first. */
  readonly history?: readonly N8nExecution[] | undefined
  /** Default 1. */
  readonly seed?: number | undefined
  /** The newest made execution started at or shortly before it. Default 2026-11-21T08:00:00Z. */
  readonly now?: Date | undefined
  /** How dense the made history is. Default 120. */
  readonly perHour?: number | undefined
  /** Default 3. */
  readonly workflows?: number | undefined
  /** Default "n8n-simulator-key". */
  readonly apiKey?: string | undefined
  /** The status words that the filter takes. Default: those of 1.123.0, without crashed. */
  readonly words?: readonly N8nStatusWord[] | undefined
  /** It knows startedAfter and startedBefore, as version 2 does. Default false. */
  readonly startTimes?: boolean | undefined
  /** A larger limit is refused. Default 250. */
  readonly maxPageSize?: number | undefined
  /** The engine that runs executions: 2 gives version 7 UUIDs for ids. Default 1. */
  readonly engine?: 1 | 2 | undefined
  /** Whether rows have a status; those of servers of 2025 and before do not. Default true. */
  readonly tellsStatus?: boolean | undefined
  /** Whether executions that ended well are kept. Default true. */
  readonly savesSuccesses?: boolean | undefined
  /** Ids of executions whose data cannot be read: what holds it answers 500. */
  readonly spoiled?: readonly string[] | undefined
}

/** An execution to insert. By default it starts now, which moves on by 250 ms, and runs. */
export interface N8nInsert extends Omit<N8nExecution, "startedAt"> {
  readonly startedAt?: Date | number | null | undefined
}

const HEADERS = { "content-type": "application/json; charset=utf-8" }

/** n8n's public API of executions over one history. */
export class N8nServer {
  readonly apiKey: string
  /** A place in the list is found by its id, at no cost. */
  readonly offsetCostMs = 0
  readonly workflowIds: readonly string[]
  readonly #history: N8nHistory
  readonly #seed: number
  readonly #rules: N8nQueryRules
  readonly #tellsStatus: boolean
  #clock: number

  constructor(options: N8nOptions) {
    const now = Number(options.now ?? new Date("2026-11-21T08:00:00Z"))
    const { workflows = 3, seed = 1 } = options
    this.apiKey = options.apiKey ?? "n8n-simulator-key"
    this.#clock = now
    this.#seed = seed
    this.#tellsStatus = options.tellsStatus ?? true
    this.#rules = {
      words: options.words ?? N8N_STATUS_WORDS.filter((word) => word !== "crashed"),
      maxPageSize: options.maxPageSize ?? 250,
      startTimes: options.startTimes ?? false,
    }
    this.workflowIds = Array.from({ length: workflows }, (_, workflow) =>
      workflowIdOf(seed, workflow),
    )
    this.#history = new N8nHistory({
      executions: options.executions ?? 250,
      history: options.history ?? null,
      seed,
      now,
      perHour: options.perHour ?? 120,
      workflows,
      engine: options.engine ?? 1,
      savesSuccesses: options.savesSuccesses ?? true,
    })
    for (const id of options.spoiled ?? []) this.spoil(id)
  }

  *truth(): Generator<N8nWireExecution, void, undefined> {
    for (const row of this.#history.rows) yield this.#summary(row)
  }

  insert(insert: N8nInsert): string {
    const { startedAt = this.#tick(), status = "running", ...rest } = insert
    const createdAt =
      rest.createdAt ?? (startedAt === null ? (rest.stoppedAt ?? this.#tick()) : undefined)
    return this.#history.idOf(this.#history.insert({ ...rest, createdAt, startedAt, status }))
  }

  spoil(id: string): void {
    this.#history.spoil(this.#rowOf(id))
  }

  delete(id: string): void {
    this.#history.remove(this.#rowOf(id))
  }

  finish(id: string, status: N8nStatus, at: Date | number | undefined): void {
    this.#history.finish(this.#rowOf(id), status, Number(at ?? this.#tick()))
  }

  answer(request: HttpRequest): HttpAnswer {
    const id = /^\/executions\/([^/]+)$/.exec(request.path)?.[1]
    if (request.path !== "/executions" && id === undefined) return refusal(404, "not found")
    if (request.method !== "GET") return refusal(405, `${request.method} method not allowed`)
    const key = request.headers["x-n8n-api-key"]
    if (key === undefined) return refusal(401, "'X-N8N-API-KEY' header required")
    if (key !== this.apiKey) return refusal(401, "unauthorized")
    try {
      return id === undefined
        ? this.#list(readN8nQuery(request.query, this.#rules))
        : this.#get(id, readIncludeData(request.query))
    } catch (cause) {
      if (cause instanceof N8nQueryError) return refusal(400, cause.message)
      throw cause
    }
  }

  #list({ workflowId, lastId, limit, includeData, ...filter }: N8nQuery): HttpAnswer {
    const workflow = workflowId === null ? null : this.workflowIds.indexOf(workflowId)
    const { rows, more } = this.#history.page({ ...filter, workflow }, lastId, limit)
    if (includeData && rows.some((row) => this.#history.isSpoiled(row))) return spoiled
    const data = rows.map((row) => ({
      ...this.#told(row),
      ...(includeData ? this.#data(row) : {}),
    }))
    const last = data.at(-1)
    const next = more && last !== undefined ? nextCursor(last.id, limit) : null
    return jsonAnswer(200, { data, nextCursor: next }, HEADERS)
  }

  #get(id: string, includeData: boolean): HttpAnswer {
    const row = this.#history.rowOf(id)
    if (row === null) return refusal(404, "Not Found")
    if (includeData && this.#history.isSpoiled(row)) return spoiled
    const { startedAt, stoppedAt, workflowId, waitTill, ...summary } = this.#told(row)
    return jsonAnswer(
      200,
      {
        ...summary,
        createdAt: new Date(this.#history.factsOf(row).createdAt).toISOString(),
        startedAt,
        stoppedAt,
        deletedAt: null,
        workflowId,
        waitTill,
        ...(includeData ? this.#data(row) : {}),
      },
      HEADERS,
    )
  }

  readonly #workflowId = (workflow: number): string => this.workflowIds[workflow] ?? ""

  #summary(row: number): N8nWireExecution {
    return wireExecution(this.#history, row, this.#workflowId)
  }

  /** A summary as this server's rows tell it. */
  #told(row: number): Omit<N8nWireExecution, "status"> & Partial<N8nWireExecution> {
    const { status, startedAt, stoppedAt, workflowId, waitTill, ...rest } = this.#summary(row)
    const times = { startedAt, stoppedAt, workflowId, waitTill }
    return this.#tellsStatus ? { ...rest, status, ...times } : { ...rest, ...times }
  }

  #data(row: number): ReturnType<typeof wireData> {
    return wireData(this.#history, row, this.#seed, this.#workflowId)
  }

  #rowOf(id: string): number {
    const row = this.#history.rowOf(id)
    if (row === null) throw new Error(`The n8n simulator holds no execution ${id}`)
    return row
  }

  #tick(): number {
    this.#clock += 250
    return this.#clock
  }
}

const refusal = (status: number, message: string): HttpAnswer =>
  jsonAnswer(status, { message }, HEADERS)

const spoiled = refusal(500, "Internal server error")
