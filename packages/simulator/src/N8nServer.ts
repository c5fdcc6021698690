import { type HttpAnswer, type HttpRequest, jsonAnswer } from "./HttpAnswer.js"
import type { N8nExecution, N8nStatus } from "./N8nExecution.js"
import { N8nHistory } from "./N8nHistory.js"
import {
  type N8nQuery,
  N8nQueryError,
  nextCursor,
  readN8nQuery,
  readIncludeData,
} from "./N8nQuery.js"
import { type N8nWireExecution, wireData, wireExecution, workflowIdOf } from "./N8nWire.js"

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
}

/** An execution to insert. By default it starts now, which moves on by 250 ms, and runs. */
export interface N8nInsert extends Omit<N8nExecution, "startedAt"> {
  readonly startedAt?: Date | number | undefined
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
  #clock: number

  constructor(options: N8nOptions) {
    const now = Number(options.now ?? new Date("2026-11-21T08:00:00Z"))
    const { workflows = 3, seed = 1 } = options
    this.apiKey = options.apiKey ?? "n8n-simulator-key"
    this.#clock = now
    this.#seed = seed
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
    })
  }

  *truth(): Generator<N8nWireExecution, void, undefined> {
    for (const row of this.#history.rows) yield this.#summary(row)
  }

  insert(insert: N8nInsert): string {
    const { startedAt = this.#tick(), status = "running", ...rest } = insert
    return this.#history.idOf(this.#history.insert({ ...rest, startedAt, status }))
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
        ? this.#list(readN8nQuery(request.query))
        : this.#get(id, readIncludeData(request.query))
    } catch (cause) {
      if (cause instanceof N8nQueryError) return refusal(400, cause.message)
      throw cause
    }
  }

  #list({ status, workflowId, below, limit, includeData }: N8nQuery): HttpAnswer {
    const workflow = workflowId === null ? null : this.workflowIds.indexOf(workflowId)
    const { rows, more } = this.#history.page({ status, workflow }, below, limit)
    const data = rows.map((row) =>
      includeData ? { ...this.#summary(row), ...this.#data(row) } : this.#summary(row),
    )
    const last = data.at(-1)
    const next = more && last !== undefined ? nextCursor(last.id, limit) : null
    return jsonAnswer(200, { data, nextCursor: next }, HEADERS)
  }

  #get(id: string, includeData: boolean): HttpAnswer {
    const row = this.#history.rowOf(id)
    if (row === null) return refusal(404, "Not Found")
    const {
      id: ownId,
      finished,
      mode,
      retryOf,
      retrySuccessId,
      status,
      ...rest
    } = this.#summary(row)
    const { startedAt, stoppedAt, workflowId, waitTill } = rest
    return jsonAnswer(
      200,
      {
        id: ownId,
        finished,
        mode,
        retryOf,
        retrySuccessId,
        status,
        createdAt: new Date(this.#history.factsOf(row).startedAt - 4).toISOString(),
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
