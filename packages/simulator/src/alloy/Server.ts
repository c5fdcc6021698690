import { type Clock, makeClock } from "../shared/Clock.js"
import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../shared/HttpAnswer.js"
import { isoText } from "../shared/Instant.js"
import { readMadeOptions } from "../shared/MadeOptions.js"
import type { ProviderServer } from "../shared/ProviderServer.js"
import { executionOf } from "./Events.js"
import { type AlloyHistory, makeAlloyHistory } from "./History.js"
import { type AlloyLists, makeAlloyLists } from "./Lists.js"
import type { AlloyOptions, AlloyStart } from "./Options.js"
import { readEventQuery, readExecutionQuery } from "./Query.js"
import { AlloyQueryError } from "./QueryError.js"
import type { AlloySimulator } from "./Simulator.js"
import { truthOf, wireEvent, wireExecution } from "./Wire.js"

/** Alloy's log API over one history. */
export interface AlloyServer extends ProviderServer {
  /** How a test reads and changes the history. */
  readonly controls: Omit<AlloySimulator, "baseUrl">
}

/** Everything that an answer depends on. */
interface AlloyState {
  readonly history: AlloyHistory
  readonly lists: AlloyLists
  readonly clock: Clock
  readonly apiKey: string
  /** A larger limit of events is reduced to this one. */
  readonly maxPageSize: number
  /** A larger limit is rejected. */
  readonly rejectsAbove: number
  readonly workflowIds: ReadonlyArray<string>
  readonly userIds: ReadonlyArray<string>
  /** Executions that break the page they are on. */
  readonly spoiled: Set<number>
}

const fault = jsonAnswer(500, { message: "Internal server error" })

/** A server whose history the options describe. */
export const makeAlloyServer = (options: AlloyOptions): AlloyServer => {
  const { now: madeUntil, ...made } = readMadeOptions(options)
  const { workflows = 3, users = 5, apiKey = "alloy-simulator-key" } = options
  const now = madeUntil.getTime()
  const history = makeAlloyHistory({
    ...made,
    now,
    history: options.history ?? null,
    workflows,
    users,
  })
  // Sorted now, so that the first request costs no more than others.
  history.events()
  const state: AlloyState = {
    history,
    lists: makeAlloyLists(history),
    clock: makeClock(now, 1000),
    apiKey,
    maxPageSize: options.maxPageSize ?? Infinity,
    rejectsAbove: options.rejectsAbove ?? Infinity,
    workflowIds: Array.from({ length: workflows }, (_, workflow) =>
      history.ids.workflowId(workflow),
    ),
    userIds: Array.from({ length: users }, (_, user) => history.ids.userId(user)),
    spoiled: new Set(),
  }
  return {
    offsetCostMs: options.offsetCostMs ?? 0,
    answer: (request) => answer(state, request),
    controls: makeControls(state),
  }
}

const makeControls = (state: AlloyState): AlloyServer["controls"] => {
  const { history, lists, clock, apiKey, workflowIds, userIds, spoiled } = state
  const executionWithId = (executionId: string) => {
    const execution = history.withUuid(executionId)
    if (execution === null) throw new Error(`The Alloy simulator holds no execution ${executionId}`)
    return execution
  }
  const start = ({ startedAt = clock.tick(), completedAt = null, ...rest }: AlloyStart) => {
    const execution = history.insert({ ...rest, startedAt, completedAt })
    lists.noteChange()
    return history.ids.uuid(execution)
  }
  return {
    apiKey,
    workflowIds,
    userIds,
    truth: function* () {
      for (const event of history.events()) {
        const truth = truthOf(history, event)
        if (truth !== null) yield truth
      }
    },
    start: (execution = {}) => start(execution),
    finish: (executionId, outcome, at) => {
      const execution = executionWithId(executionId)
      history.finish(execution, outcome === "error", Number(at ?? clock.tick()))
      lists.noteChange()
    },
    delete: (executionId) => {
      history.remove(executionWithId(executionId))
      lists.noteChange()
    },
    spoil: (executionId) => {
      spoiled.add(executionWithId(executionId))
    },
  }
}

const answer = (state: AlloyState, { method, path, headers, query }: HttpRequest): HttpAnswer => {
  const workflowId = /^\/workflows\/([^/]+)\/logs$/.exec(path)?.[1]
  if (method !== "GET" || (path !== "/logs" && workflowId === undefined))
    return jsonAnswer(404, { message: "Not Found" })
  const [scheme, key] = (headers.authorization ?? "").split(" ")
  if (scheme?.toLowerCase() !== "bearer" || key !== state.apiKey)
    return jsonAnswer(401, { message: "Unauthorized" })
  try {
    if (workflowId === undefined) return answerEvents(state, query)
    const version = headers["x-api-version"]
    if (version === undefined || version === "")
      throw new AlloyQueryError("x-api-version header is required")
    return answerExecutions(state, workflowId, query)
  } catch (cause) {
    if (cause instanceof AlloyQueryError) return jsonAnswer(400, { message: cause.message })
    throw cause
  }
}

const answerEvents = (state: AlloyState, parameters: URLSearchParams): HttpAnswer => {
  const { history, lists, clock, spoiled } = state
  const query = readEventQuery(parameters, state.rejectsAbove)
  const { skip } = query
  const limit = Math.min(query.limit, state.maxPageSize)
  const { total, page } = lists.events(query, {
    workflow: indexOfId(state.workflowIds, query.workflowId),
    user: indexOfId(state.userIds, query.userId),
  })
  const events = page(skip, limit)
  if (events.some((event) => spoiled.has(executionOf(event)))) return fault
  const notifications = events.map((event) => wireEvent(history, event))
  const pagination = {
    totalItems: total,
    totalPages: Math.ceil(total / limit),
    currentPage: Math.floor(skip / limit) + 1,
    pageSize: limit,
  }
  const lastFetched = isoText(clock.now())
  return jsonAnswer(200, { notifications, lastFetched, pagination }, {}, Math.min(skip, total))
}

const answerExecutions = (
  state: AlloyState,
  workflowId: string,
  parameters: URLSearchParams,
): HttpAnswer => {
  const { history, lists, spoiled, rejectsAbove, userIds, workflowIds } = state
  const workflow = workflowIds.indexOf(workflowId)
  if (workflow === -1) return jsonAnswer(404, { message: "Workflow not found" })
  const { page, limit, isAscending, userId } = readExecutionQuery(parameters, rejectsAbove)
  const list = lists.executions({ workflow, user: indexOfId(userIds, userId) }, isAscending)
  const offset = (page - 1) * limit
  const executions = list.page(offset, limit)
  if (executions.some((execution) => spoiled.has(execution))) return fault
  const data = executions.map((execution) => wireExecution(history, execution))
  return jsonAnswer(200, { data }, {}, Math.min(offset, list.total))
}

/** The index of an id, -1 for an unknown one; null if the query names none. */
const indexOfId = (ids: ReadonlyArray<string>, id: string | null): number | null =>
  id === null ? null : ids.indexOf(id)
