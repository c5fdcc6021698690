import { AlloyQueryError, allHold, boundsOf, readConditions } from "./Filters.js"
import { type AlloyExecution, AlloyHistory } from "./History.js"
import {
  type AlloyMessage,
  type AlloyTruth,
  messageOf,
  truthOf,
  wireEvent,
  wireExecution,
} from "./Wire.js"
import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../shared/HttpAnswer.js"
import { IndexCache, select } from "../shared/IndexCache.js"
import { between, sortLatestFirst } from "../shared/TimeOrder.js"

/** The Alloy side of a simulator. */
export interface AlloyOptions {
  /** How many executions to make. Default 250. */
  readonly executions?: number | undefined
  /** A history of your own instead. */
  readonly history?: readonly AlloyExecution[] | undefined
  /** Default 1. */
  readonly seed?: number | undefined
  /** The newest made event lies at or shortly before it. Default 2026-11-21T08:00:00Z. */
  readonly now?: Date | undefined
  /** How dense the made history is. Default 120. */
  readonly perHour?: number | undefined
  /** Default 3. */
  readonly workflows?: number | undefined
  /** Default 5. */
  readonly users?: number | undefined
  /** Default "alloy-simulator-key". */
  readonly apiKey?: string | undefined
  /** A larger limit of GET /logs is silently taken as this one. */
  readonly maxPageSize?: number | undefined
  /** A larger limit of either log is refused; which it would be, the documents do not say. */
  readonly refusesAbove?: number | undefined
  /** Time that 1000 skipped events cost. Default 0. */
  readonly offsetCostMs?: number | undefined
}

/** An execution to start. By default it starts now, which moves on by 250 ms, and runs. */
export interface AlloyStart extends Omit<AlloyExecution, "startedAt" | "completedAt"> {
  readonly startedAt?: Date | number | undefined
  readonly completedAt?: Date | number | null | undefined
}

const SORTS = ["createdAt", "completedAt", "message", "userId"] as const
const MESSAGES: readonly AlloyMessage[] = [
  "executionError",
  "executionFinished",
  "executionStarted",
]
const WORKFLOW_PAGE_SIZE = 30
const fault = jsonAnswer(500, { message: "Internal server error" })

const positive = (
  query: URLSearchParams,
  name: string,
  fallback: number,
  least: number,
): number => {
  const text = query.get(name)
  if (text === null || text === "") return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < least)
    throw new AlloyQueryError(`${name} must be an integer from ${least}`)
  return value
}

const oneOf = <T extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly T[],
  fallback: T,
): T => {
  const text = query.get(name)
  if (text === null || text === "") return fallback
  const word = words.find((known) => known === text)
  if (word === undefined) throw new AlloyQueryError(`${name} must be one of ${words.join(", ")}`)
  return word
}

/** Alloy's log API over one history. */
export class AlloyServer {
  readonly apiKey: string
  readonly offsetCostMs: number
  readonly workflowIds: readonly string[]
  readonly userIds: readonly string[]
  readonly #options: AlloyOptions
  readonly #history: AlloyHistory
  readonly #cache = new IndexCache()
  readonly #spoiled = new Set<number>()
  #clock: number

  constructor(options: AlloyOptions) {
    const now = Number(options.now ?? new Date("2026-11-21T08:00:00Z"))
    this.#options = options
    this.apiKey = options.apiKey ?? "alloy-simulator-key"
    this.offsetCostMs = options.offsetCostMs ?? 0
    this.#clock = now
    const { workflows = 3, users = 5 } = options
    this.#history = new AlloyHistory({
      executions: options.executions ?? 250,
      history: options.history ?? null,
      seed: options.seed ?? 1,
      now,
      perHour: options.perHour ?? 120,
      workflows,
      users,
    })
    // Sorted now, so that the first request costs no more than others.
    void this.#history.events
    this.workflowIds = Array.from({ length: workflows }, (_, workflow) =>
      this.#history.ids.workflowId(workflow),
    )
    this.userIds = Array.from({ length: users }, (_, user) => this.#history.ids.userId(user))
  }

  *truth(): Generator<AlloyTruth, void, undefined> {
    for (const event of this.#history.events) {
      const truth = truthOf(this.#history, event)
      if (truth !== null) yield truth
    }
  }

  start(start: AlloyStart): string {
    const startedAt = start.startedAt ?? this.#tick()
    const execution = this.#history.insert({
      ...start,
      startedAt,
      completedAt: start.completedAt ?? null,
    })
    this.#cache.clear()
    return this.#history.ids.uuid(execution)
  }

  spoil(executionId: string): void {
    this.#spoiled.add(this.#executionOf(executionId))
  }

  finish(executionId: string, outcome: "ok" | "error", at: Date | number | undefined): void {
    this.#history.finish(
      this.#executionOf(executionId),
      outcome === "error",
      Number(at ?? this.#tick()),
    )
    this.#cache.clear()
  }

  delete(executionId: string): void {
    this.#history.remove(this.#executionOf(executionId))
    this.#cache.clear()
  }

  answer(request: HttpRequest): HttpAnswer {
    const workflowId = /^\/workflows\/([^/]+)\/logs$/.exec(request.path)?.[1]
    if (request.method !== "GET" || (request.path !== "/logs" && workflowId === undefined)) {
      return jsonAnswer(404, { message: "Not Found" })
    }
    const [scheme, key] = (request.headers.authorization ?? "").split(" ")
    if (scheme?.toLowerCase() !== "bearer" || key !== this.apiKey)
      return jsonAnswer(401, { message: "Unauthorized" })
    try {
      if (workflowId === undefined) return this.#logs(request.query)
      const version = request.headers["x-api-version"]
      if (version === undefined || version === "")
        throw new AlloyQueryError("x-api-version header is required")
      return this.#workflowLogs(workflowId, request.query)
    } catch (cause) {
      if (cause instanceof AlloyQueryError) return jsonAnswer(400, { message: cause.message })
      throw cause
    }
  }

  #logs(query: URLSearchParams): HttpAnswer {
    const history = this.#history
    const skip = positive(query, "skip", 0, 0)
    const limit = Math.min(this.#limit(query), this.#options.maxPageSize ?? Infinity)
    const sortBy = oneOf(query, "sortBy", SORTS, "createdAt")
    const ascending = oneOf(query, "sortOrder", ["asc", "desc"], "desc") === "asc"
    const { earliest, latest, rest } = boundsOf(readConditions(query.get("filters")))
    const workflowId = query.get("workflowId") ?? ""
    const userId = query.get("associatedUserId") ?? ""

    const workflow = workflowId === "" ? null : this.workflowIds.indexOf(workflowId)
    const user = userId === "" ? null : this.userIds.indexOf(userId)
    const plain = rest.length === 0 && workflow === null && user === null
    const selected = plain
      ? history.events
      : this.#cache.get(JSON.stringify(["events", workflow, user, rest]), () => {
          const holds = allHold(history, rest)
          return select(
            history.events,
            (event) =>
              (workflow === null || history.workflowOf(event >>> 1) === workflow) &&
              (user === null || history.userOf(event >>> 1) === user) &&
              holds(event),
          )
        })
    const { items, from, to } = between(selected, history.eventTime, earliest, latest)
    const total = to - from
    const key = JSON.stringify([
      "sorted",
      workflow,
      user,
      rest,
      earliest,
      latest,
      sortBy,
      ascending,
    ])
    const listed =
      sortBy === "createdAt"
        ? null
        : this.#cache.get(key, () => this.#sorted(items.slice(from, to), sortBy, ascending))
    const notifications: unknown[] = []
    for (let place = skip; place < Math.min(skip + limit, total); place += 1) {
      const event =
        listed === null ? items[ascending ? to - 1 - place : from + place] : listed[place]
      if (event === undefined) continue
      if (this.#spoiled.has(event >>> 1)) return fault
      notifications.push(wireEvent(history, event))
    }
    const pagination = {
      totalItems: total,
      totalPages: Math.ceil(total / limit),
      currentPage: Math.floor(skip / limit) + 1,
      pageSize: limit,
    }
    const lastFetched = new Date(this.#clock).toISOString()
    return jsonAnswer(200, { notifications, lastFetched, pagination }, {}, Math.min(skip, total))
  }

  #sorted(
    events: Uint32Array<ArrayBuffer>,
    sortBy: "completedAt" | "message" | "userId",
    ascending: boolean,
  ): Uint32Array<ArrayBuffer> {
    const history = this.#history
    const ranks = this.userIds.toSorted()
    const userRanks = this.userIds.map((id) => ranks.indexOf(id))
    const keyOf = (event: number): number => {
      if (sortBy === "message") return MESSAGES.indexOf(messageOf(history, event))
      if (sortBy === "userId") return userRanks[history.userOf(event >>> 1)] ?? 0
      return (event & 1) === 0 ? 0 : history.endTime(event >>> 1)
    }
    sortLatestFirst(events, ascending ? (event) => -keyOf(event) : keyOf)
    return events
  }

  #workflowLogs(workflowId: string, query: URLSearchParams): HttpAnswer {
    const history = this.#history
    const workflow = this.workflowIds.indexOf(workflowId)
    if (workflow === -1) return jsonAnswer(404, { message: "Workflow not found" })
    const page = positive(query, "page", 1, 1)
    const limit = Math.min(this.#limit(query), WORKFLOW_PAGE_SIZE)
    const ascending = oneOf(query, "order", ["asc", "desc"], "desc") === "asc"
    const userId = query.get("userId") ?? ""
    const user = userId === "" ? null : this.userIds.indexOf(userId)
    const executions = this.#cache.get(JSON.stringify(["executions", workflow, user]), () =>
      select(
        history.starts,
        (execution) =>
          history.workflowOf(execution) === workflow &&
          (user === null || history.userOf(execution) === user),
      ),
    )
    const offset = (page - 1) * limit
    const data: unknown[] = []
    for (let place = offset; place < Math.min(offset + limit, executions.length); place += 1) {
      const execution = executions[ascending ? executions.length - 1 - place : place]
      if (execution === undefined) continue
      if (this.#spoiled.has(execution)) return fault
      data.push(wireExecution(history, execution))
    }
    return jsonAnswer(200, { data }, {}, Math.min(offset, executions.length))
  }

  #limit(query: URLSearchParams): number {
    const limit = positive(query, "limit", 10, 1)
    const { refusesAbove = Infinity } = this.#options
    if (limit > refusesAbove) throw new AlloyQueryError(`limit must be ${refusesAbove} at most`)
    return limit
  }

  #executionOf(executionId: string): number {
    const execution = this.#history.withUuid(executionId)
    if (execution === null) throw new Error(`The Alloy simulator holds no execution ${executionId}`)
    return execution
  }

  #tick(): number {
    this.#clock += 250
    return this.#clock
  }
}
