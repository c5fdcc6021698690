import { type Clock, makeClock } from "../shared/Clock.js"
import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../shared/HttpAnswer.js"
import { isoText } from "../shared/Instant.js"
import { readMadeOptions } from "../shared/MadeOptions.js"
import type { ProviderServer } from "../shared/ProviderServer.js"
import { makeN8nHistory, type N8nHistory } from "./History.js"
import type { N8nInsert, N8nOptions } from "./Options.js"
import {
  type N8nQuery,
  N8nQueryError,
  type N8nQueryRules,
  nextCursor,
  readIncludeData,
  readN8nQuery,
} from "./Query.js"
import type { N8nSimulator } from "./Simulator.js"
import { n8nStatusWords } from "./StatusWords.js"
import { type N8nWireExecution, wireData, wireExecution, workflowIdOf } from "./Wire.js"

/** n8n's public API of executions over one history. */
export interface N8nServer extends ProviderServer {
  /** How a test reads and changes the history. */
  readonly controls: Omit<N8nSimulator, "baseUrl">
}

/** Everything that an answer depends on. */
interface N8nState {
  readonly history: N8nHistory
  readonly apiKey: string
  readonly seed: number
  readonly rules: N8nQueryRules
  readonly tellsStatus: boolean
  readonly workflowIds: ReadonlyArray<string>
  readonly workflowId: (workflow: number) => string
  /** Rows whose data cannot be read. */
  readonly spoiled: Set<number>
}

const contentType = { "content-type": "application/json; charset=utf-8" }

const rejection = (status: number, message: string): HttpAnswer =>
  jsonAnswer(status, { message }, contentType)

const fault = rejection(500, "Internal server error")

/** A server whose history the options describe. */
export const makeN8nServer = (options: N8nOptions): N8nServer => {
  const { now: madeUntil, ...made } = readMadeOptions(options)
  const { workflows = 3, apiKey = "n8n-simulator-key", engine = 1, savesSuccesses = true } = options
  const now = madeUntil.getTime()
  const { seed } = made
  const workflowIds = Array.from({ length: workflows }, (_, workflow) =>
    workflowIdOf(seed, workflow),
  )
  const state: N8nState = {
    history: makeN8nHistory({
      ...made,
      now,
      history: options.history ?? null,
      workflows,
      engine,
      savesSuccesses,
    }),
    apiKey,
    seed,
    rules: {
      words: options.words ?? n8nStatusWords.filter((word) => word !== "crashed"),
      maxPageSize: options.maxPageSize ?? 250,
      startTimes: options.startTimes ?? false,
    },
    tellsStatus: options.tellsStatus ?? true,
    workflowIds,
    workflowId: (workflow) => workflowIds[workflow] ?? "",
    spoiled: new Set(),
  }
  const controls = makeControls(state, makeClock(now, 1000))
  for (const id of options.spoiled ?? []) controls.spoil(id)
  return {
    // A cursor names an id, which is found without skipping rows.
    offsetCostMs: 0,
    answer: (request) => answer(state, request),
    controls,
  }
}

const makeControls = (
  { history, apiKey, workflowIds, workflowId, spoiled }: N8nState,
  clock: Clock,
): N8nServer["controls"] => {
  const rowOf = (id: string) => {
    const row = history.rowOf(id)
    if (row === null) throw new Error(`The n8n simulator holds no execution ${id}`)
    return row
  }
  const insert = (execution: N8nInsert) => {
    const { startedAt = clock.tick(), status = "running", ...rest } = execution
    const createdAt =
      rest.createdAt ?? (startedAt === null ? (rest.stoppedAt ?? clock.tick()) : undefined)
    return history.idOf(history.insert({ ...rest, createdAt, startedAt, status }))
  }
  return {
    apiKey,
    workflowIds,
    truth: function* () {
      for (const row of history.rows()) yield wireExecution(history, row, workflowId)
    },
    insert: (execution = {}) => insert(execution),
    delete: (id) => history.remove(rowOf(id)),
    finish: (id, status, at) => history.finish(rowOf(id), status, Number(at ?? clock.tick())),
    spoil: (id) => {
      spoiled.add(rowOf(id))
    },
  }
}

const answer = (state: N8nState, request: HttpRequest): HttpAnswer => {
  const id = /^\/executions\/([^/]+)$/.exec(request.path)?.[1]
  if (request.path !== "/executions" && id === undefined) return rejection(404, "not found")
  if (request.method !== "GET") return rejection(405, `${request.method} method not allowed`)
  const key = request.headers["x-n8n-api-key"]
  if (key === undefined) return rejection(401, "'X-N8N-API-KEY' header required")
  if (key !== state.apiKey) return rejection(401, "unauthorized")
  try {
    return id === undefined
      ? answerList(state, readN8nQuery(request.query, state.rules))
      : answerOne(state, id, readIncludeData(request.query))
  } catch (cause) {
    if (cause instanceof N8nQueryError) return rejection(400, cause.message)
    throw cause
  }
}

const answerList = (
  state: N8nState,
  { workflowId, lastId, limit, includeData, ...filter }: N8nQuery,
): HttpAnswer => {
  const { history, spoiled, workflowIds } = state
  const workflow = workflowId === null ? null : workflowIds.indexOf(workflowId)
  const { rows, more } = history.page({ ...filter, workflow }, lastId, limit)
  if (includeData && rows.some((row) => spoiled.has(row))) return fault
  const data = rows.map((row) => ({
    ...summaryOf(state, row),
    ...(includeData ? dataOf(state, row) : {}),
  }))
  const last = data.at(-1)
  const next = more && last !== undefined ? nextCursor(last.id, limit) : null
  return jsonAnswer(200, { data, nextCursor: next }, contentType)
}

const answerOne = (state: N8nState, id: string, includeData: boolean): HttpAnswer => {
  const { history, spoiled } = state
  const row = history.rowOf(id)
  if (row === null) return rejection(404, "Not Found")
  if (includeData && spoiled.has(row)) return fault
  const { startedAt, stoppedAt, workflowId, waitTill, ...summary } = summaryOf(state, row)
  return jsonAnswer(
    200,
    {
      ...summary,
      createdAt: isoText(history.factsOf(row).createdAt),
      startedAt,
      stoppedAt,
      deletedAt: null,
      workflowId,
      waitTill,
      ...(includeData ? dataOf(state, row) : {}),
    },
    contentType,
  )
}

/** An execution without its data, and without its status on a server that does not tell it. */
const summaryOf = (
  { history, tellsStatus, workflowId }: N8nState,
  row: number,
): Omit<N8nWireExecution, "status"> & Partial<N8nWireExecution> => {
  const { status, startedAt, stoppedAt, ...rest } = wireExecution(history, row, workflowId)
  const { workflowId: id, waitTill, ...summary } = rest
  const times = { startedAt, stoppedAt, workflowId: id, waitTill }
  return tellsStatus ? { ...summary, status, ...times } : { ...summary, ...times }
}

const dataOf = ({ history, seed, workflowId }: N8nState, row: number) =>
  wireData(history, row, seed, workflowId)
