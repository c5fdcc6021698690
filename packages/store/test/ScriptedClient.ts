import {
  AdapterError,
  type Client,
  type Execution,
  type LogPage,
  type LogQuery,
  type QueryPlan,
} from "@execlog/core"
import {
  type AskOne,
  completeDetails,
  emptyFields,
  isOfOneExecution,
  withParts,
} from "@execlog/core/unstable"
import * as Effect from "effect/Effect"
import type { SyncClient } from "../src/index.js"

/** The instant about which scripted executions are made. */
export const began = Date.parse("2026-11-21T08:00:00Z")

/** An execution of a scripted provider. */
export const execution = (id: string, by: Partial<Execution> = {}): Execution => {
  const made = { ...ended(id), ...by }
  const { startedAt, finishedAt, scheduledFor, listedAt } = made
  return { ...made, timestamp: by.timestamp ?? startedAt ?? finishedAt ?? scheduledFor ?? listedAt }
}

const ended = (id: string): Execution => ({
  ...emptyFields,
  provider: "scripted",
  connection: null,
  id,
  workflow: { id: "w1", name: "Refunds", version: null },
  status: "succeeded",
  providerStatus: "ok",
  timestamp: new Date(began),
  startedAt: new Date(began),
  finishedAt: new Date(began + 2000),
  listedAt: new Date(began),
  durationMs: 2000,
  trigger: { kind: "api", providerKind: null },
})

/** One that runs. */
export const running = (id: string, by: Partial<Execution> = {}): Execution =>
  execution(id, {
    status: "running",
    providerStatus: "going",
    finishedAt: null,
    durationMs: null,
    ...by,
  })

/** A page; asked for at an instant after `began`, in milliseconds. */
export const page = (
  executions: ReadonlyArray<Execution>,
  { at = 0, ...by }: Partial<LogPage> & { readonly at?: number } = {},
): LogPage => {
  const times = executions.flatMap(({ listedAt }) => (listedAt === null ? [] : [Number(listedAt)]))
  return {
    executions,
    itemIds: executions.map(() => null),
    rejected: [],
    warnings: [],
    next: null,
    total: null,
    requestedAt: new Date(began + at),
    listed:
      times.length === 0
        ? { from: null, to: null }
        : { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) },
    ...by,
  }
}

/** The responses of a scripted client. */
export interface Script {
  readonly name?: string | null
  readonly provider?: string
  readonly server?: string
  /** The pages of a list. It is called once for each walk. */
  readonly pages?: (query: LogQuery, options: Parameters<Client["pages"]>[1]) => Iterable<LogPage>
  readonly get?: (id: string, options: Parameters<Client["get"]>[1]) => Execution | null
  readonly reopens?: boolean
  readonly statuses?: Client["statuses"]
  readonly reread?: Client["reread"]
  readonly lists?: "executions" | "events"
  readonly listedBy?: "time" | "number"
}

const missing = (reason: "NotFound" | "Unsupported") =>
  new AdapterError({ reason, message: "It is not there.", operation: "get" })

/** A client that says what a test tells it to. */
export const scripted = ({
  name = "shop",
  provider = "scripted",
  server = "here",
  pages = () => [page([])],
  get,
  reopens = false,
  statuses = [],
  reread = async (items) => items.map(() => ({ ok: false, reason: "still odd" })),
  lists = "executions",
  listedBy = "time",
}: Script): SyncClient => {
  const getOne: Client["get"] = async (id, options) => {
    if (get === undefined) throw missing("Unsupported")
    const found = get(id, options)
    if (found === null) throw missing("NotFound")
    return found
  }
  const askOne: AskOne = (id) =>
    Effect.tryPromise({
      try: () => getOne(id, {}),
      catch: (error) => {
        if (AdapterError.is(error)) return error
        throw error
      },
    })
  const explain = (query: LogQuery = {}): QueryPlan => ({
    provider,
    connection: name,
    endpoint: "list",
    route: "GET /executions",
    lists,
    listedBy,
    params: {},
    order: "newest",
    pageSize: 100,
    walk: "windows",
    consistency: "exact",
    filters: [],
    omits: [],
    stopsBefore: null,
    included: query.include ?? [],
    absent: [],
    notes: [],
  })
  return {
    provider,
    name,
    server,
    reopens,
    complete: (executions, { details = "failed", include = [] } = {}) =>
      Effect.runPromise(
        completeDetails(() => Effect.succeed(askOne), executions, details, include),
      ),
    idToGet: ({ id }) => id,
    statuses,
    getMany: async (ids, { include = [] } = {}) => {
      const executions: Array<Execution> = []
      const absent: Array<string> = []
      const failures: Array<{ readonly id: string; readonly error: AdapterError }> = []
      const unasked: Array<string> = []
      for (const id of ids) {
        if (failures.some(({ error }) => error.retryable)) {
          unasked.push(id)
          continue
        }
        try {
          const raw = include.includes("raw") ? (["raw"] as const) : []
          executions.push(withParts(await getOne(id, { include: raw }), include))
        } catch (error) {
          if (!AdapterError.is(error)) throw error
          if (error.reason === "NotFound") absent.push(id)
          else if (isOfOneExecution(error) || error.retryable) failures.push({ id, error })
          else throw error
        }
      }
      return { executions, absent, failures, unasked }
    },
    reread,
    explain,
    prepare: (query = {}) => ({
      plan: explain(query),
      async *pages(options = {}) {
        yield* pages(query, options)
      },
    }),
  }
}
