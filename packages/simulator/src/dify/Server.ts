import { type Clock, makeClock } from "../shared/Clock.js"
import type { HttpAnswer, HttpRequest } from "../shared/HttpAnswer.js"
import { isUuid } from "../shared/Identifiers.js"
import { microseconds } from "../shared/Instant.js"
import { readMadeOptions } from "../shared/MadeOptions.js"
import type { ProviderServer } from "../shared/ProviderServer.js"
import { answersOf, type DifyAnswers } from "./Answers.js"
import { type DifyHistory, makeDifyHistory } from "./History.js"
import type { DifyInsert, DifyOptions } from "./Options.js"
import { type DifyQuery, DifyQueryError, readDifyQuery } from "./Query.js"
import type { DifySimulator } from "./Simulator.js"
import { type DifyVersion, keywordTest, wireRow, wireRunDetail } from "./Wire.js"

/** Dify's log API over one history. */
export interface DifyServer extends ProviderServer {
  /** How a test reads and changes the history. */
  readonly controls: Omit<DifySimulator, "baseUrl">
}

/** Everything that an answer depends on. */
interface DifyState {
  readonly options: DifyOptions
  readonly version: DifyVersion
  readonly apiKey: string
  readonly history: DifyHistory
  readonly answers: DifyAnswers
  /** Rows that break the page they are on. */
  readonly spoiled: Set<number>
}

/** A server whose history the options describe. */
export const makeDifyServer = (options: DifyOptions): DifyServer => {
  const { now, ...made } = readMadeOptions(options)
  const { version = "1.12.1", apiKey = "app-simulator-key" } = options
  const nowMicroseconds = microseconds(now)
  const history = makeDifyHistory({
    ...made,
    nowMicroseconds,
    rows: options.rows ?? null,
    logDelay: options.logDelay ?? [0, 2],
    microseconds: options.microseconds ?? true,
    ties: options.ties ?? "fixed",
    users: options.users ?? 8,
    nullRuns: options.nullRuns ?? 0,
  })
  const state: DifyState = {
    options,
    version,
    apiKey,
    history,
    answers: answersOf(version),
    spoiled: new Set(),
  }
  return {
    offsetCostMs: options.offsetCostMs ?? 0,
    answer: (request) => answer(state, request),
    controls: makeControls(state, makeClock(nowMicroseconds, 1_000_000)),
  }
}

const makeControls = (
  { history, apiKey, spoiled, version }: DifyState,
  clock: Clock,
): DifyServer["controls"] => {
  const rowOf = (id: string) => {
    const row = history.rowOf(id)
    if (row === null) throw new Error(`The Dify simulator holds no log row or run ${id}`)
    return row
  }
  const insert = ({ at, delay = 0, amongTies = "first", ...row }: DifyInsert) => {
    const listedAt = at ?? clock.tick() / 1000
    const startedAt = row.startedAt ?? Number(listedAt) - delay * 1000
    const inserted = history.insert({ ...row, listedAt, startedAt }, amongTies)
    return { logId: history.logId(inserted), runId: history.runId(inserted) }
  }
  return {
    apiKey,
    truth: function* () {
      for (const row of history.order()) yield wireRow(history, row, version)
    },
    listedAt: (id) => history.listedAtOf(rowOf(id)) / 1000,
    insert: (row = {}) => insert(row),
    delete: (id) => history.remove(rowOf(id)),
    finish: (runId, status, at) => {
      const finishedAt = at === undefined ? clock.tick() : microseconds(at)
      history.finish(rowOf(runId), status, finishedAt)
    },
    spoil: (id) => {
      spoiled.add(rowOf(id))
    },
  }
}

const answer = (state: DifyState, request: HttpRequest): HttpAnswer => {
  const { answers, options, version } = state
  const run = /^\/workflows\/run\/([^/]+)$/.exec(request.path)?.[1]
  if (request.path !== "/workflows/logs" && run === undefined) return answers.notFound
  if (request.method !== "GET") {
    const message = "The method is not allowed for the requested URL."
    return answers.error(405, "method_not_allowed", message)
  }
  const rejection = rejectionOf(state, request.headers.authorization)
  if (rejection !== null) return rejection
  if (run !== undefined) return answerRun(state, run)
  try {
    const rules = { isOlder: version === "older", maxPageSize: options.maxPageSize ?? 100 }
    return answerList(state, readDifyQuery(request.query, rules))
  } catch (cause) {
    if (cause instanceof DifyQueryError) return answers.error(400, "invalid_param", cause.message)
    throw cause
  }
}

/** Why a request is rejected whatever it asks for, or null. */
const rejectionOf = (
  { answers, apiKey, options }: DifyState,
  authorization: string | undefined,
): HttpAnswer | null => {
  if (authorization === undefined || !authorization.includes(" ")) {
    return answers.unauthorized("Authorization header must be provided and start with 'Bearer'")
  }
  const [scheme, ...rest] = authorization.split(" ")
  if (scheme?.toLowerCase() !== "bearer")
    return answers.unauthorized("Authorization scheme must be 'Bearer'")
  if (rest.join(" ").trim() !== apiKey) return answers.unauthorized("Access token is invalid")
  if (options.disabled !== true) return null
  return answers.error(403, "forbidden", "The app's API service has been disabled.")
}

const answerList = (state: DifyState, query: DifyQuery): HttpAnswer => {
  const { answers, history, options, spoiled, version } = state
  const account = query.account === null ? null : history.actors.accountOf(query.account)
  // Only a newer server looks an account up by its id.
  const isKnown = account === query.account || version === "newer"
  if (query.account !== null && (account === null || !isKnown)) {
    throw new DifyQueryError(`Account not found: ${query.account}`)
  }
  const { page, limit, session, status } = query
  if (options.chatApp === true)
    return answers.json({ page, limit, total: 0, has_more: false, data: [] }, 0)
  const keyword = query.keyword?.toLowerCase() ?? null
  const hasKeyword = keywordTest(history, keyword ?? "")
  const found = history.find({ status, session, account, keyword }, query, hasKeyword)
  const total = found.to - found.from
  const size = Math.min(limit, options.clampTo ?? limit)
  const offset = (page - 1) * size
  const rows = history.page(found, offset, size)
  if (rows.some((row) => spoiled.has(row))) return answers.fault
  const data = rows.map((row) => wireRow(history, row, version))
  return answers.json(
    { page, limit, total, has_more: total > offset + size, data },
    Math.min(offset, total),
  )
}

const answerRun = ({ answers, history, options, spoiled }: DifyState, id: string): HttpAnswer => {
  if (options.chatApp === true) {
    const message = "Please check if your app mode matches the right API route."
    return answers.error(400, "not_workflow_app", message)
  }
  if (!isUuid(id)) return answers.fault
  const row = history.rowOfRun(id)
  if (row !== null && spoiled.has(row)) return answers.fault
  return answers.json(wireRunDetail(history, row, options.runTimes ?? "seconds"), 0)
}
