import alloy from "@execlog/alloy"
import { createClient, type Client } from "@execlog/core"
import type { Adapter } from "@execlog/core/adapter"
import dify from "@execlog/dify"
import n8n from "@execlog/n8n"
import prefect from "@execlog/prefect"
import { type Simulator, startSimulator } from "@execlog/simulator"

/** An execution as a proof makes it up. Times are milliseconds since 1970. */
interface MadeExecution {
  readonly startedAt: number
  /** Null while it runs. */
  readonly finishedAt: number | null
  readonly outcome: Outcome
}

export type Outcome = "succeeded" | "failed"

/** A provider whose history changes while it is synced. */
export interface Provider {
  readonly name: string
  /** The module whose default export is the adapter. */
  readonly adapter: string
  readonly settings: { readonly [name: string]: unknown }
  /** How many items a list has of one execution at most. */
  readonly itemsOfOne: number
  readonly client: () => Client
  readonly insert: (made: MadeExecution) => string
  readonly finish: (id: string, outcome: Outcome) => void
  readonly delete: (id: string) => void
  /** Begins a failed one again, which then waits; null where the provider makes a new one instead. */
  readonly retry: ((id: string) => void) | null
  /** Begins what waits; null where nothing does. */
  readonly resume: ((id: string) => void) | null
}

/** All four providers on one simulator. */
export interface Providers extends AsyncDisposable {
  readonly all: ReadonlyArray<Provider>
  /** From now on, this execution is given in a form that no adapter can read. */
  readonly break: (id: string) => void
  /** Is called before each answer. */
  readonly onRequest: (listener: () => void) => void
}

/** Starts the providers, with no executions. */
export const startProviders = async (): Promise<Providers> => {
  const now = new Date()
  const simulator = await startSimulator({
    dify: { executions: 0, now },
    alloy: { executions: 0, now },
    n8n: { executions: 0, now },
    prefect: { executions: 0, now },
  })
  const broken = new Set<string>()
  let listener = (): void => {}
  const plain = "x-as-it-is"
  simulator.intercept(async ({ method, path, headers, body }) => {
    if (headers[plain] !== undefined) return undefined
    listener()
    const sent = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] satisfies [string, string]] : [],
    )
    const response = await simulator.fetch(`${simulator.url}${path}`, {
      method,
      headers: [...sent, [plain, "1"]],
      ...(body === "" ? {} : { body }),
    })
    const answer: unknown = JSON.parse(await response.text())
    return { status: response.status, body: breakIn(answer, broken) }
  })
  return {
    all: [difyOf(simulator), alloyOf(simulator), n8nOf(simulator), prefectOf(simulator)],
    break: (id) => broken.add(id),
    onRequest: (next) => {
      listener = next
    },
    [Symbol.asyncDispose]: () => simulator.stop(),
  }
}

/** The words of the statuses of those that are broken become numbers. */
const breakIn = (value: unknown, broken: ReadonlySet<string>): unknown => {
  if (Array.isArray(value)) return value.map((item) => breakIn(item, broken))
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value)
  const ids = [value, ...entries.map(([, part]) => part)].flatMap((part) =>
    typeof part === "object" && part !== null ? Object.values(part) : [],
  )
  const isBroken = ids.some((id) => typeof id === "string" && broken.has(id))
  return Object.fromEntries(
    entries.map(([name, part]) => [name, isBroken && words.has(name) ? 7 : breakIn(part, broken)]),
  )
}

const words = new Set(["status", "message", "state"])

const difyOf = ({ dify: { apiKey, baseUrl, ...server } }: Simulator): Provider =>
  provider(
    dify,
    { apiKey, baseUrl, logDelay: "60s" },
    {
      insert: ({ startedAt, finishedAt, outcome }) =>
        server.insert({
          at: startedAt,
          startedAt,
          finishedAt,
          status: finishedAt === null ? "running" : outcome,
        }).runId,
      finish: (id, outcome) => server.finish(id, outcome),
      delete: (id) => server.delete(id),
    },
  )

const alloyOf = ({ alloy: { apiKey, baseUrl, ...server } }: Simulator): Provider =>
  provider(
    alloy,
    { apiKey, baseUrl, maxDuration: "4h" },
    {
      // Its start and its end.
      itemsOfOne: 2,
      insert: ({ startedAt, finishedAt, outcome }) =>
        server.start({ startedAt, completedAt: finishedAt, failed: outcome === "failed" }),
      finish: (id, outcome) => server.finish(id, outcome === "failed" ? "error" : "ok", Date.now()),
      delete: (id) => server.delete(id),
    },
  )

const n8nOf = ({ n8n: { apiKey, baseUrl, ...server } }: Simulator): Provider =>
  provider(
    n8n,
    { apiKey, baseUrl },
    {
      insert: ({ startedAt, finishedAt, outcome }) =>
        server.insert({
          startedAt,
          stoppedAt: finishedAt,
          status: finishedAt === null ? "running" : n8nWords[outcome],
        }),
      finish: (id, outcome) => server.finish(id, n8nWords[outcome], Date.now()),
      delete: (id) => server.delete(id),
    },
  )

const n8nWords = { succeeded: "success", failed: "error" } as const

const prefectOf = ({ prefect: { baseUrl, ...server } }: Simulator): Provider =>
  provider(
    prefect,
    { baseUrl },
    {
      insert: ({ startedAt, finishedAt, outcome }) =>
        server.insert({
          expectedStartTime: startedAt,
          startTime: startedAt,
          endTime: finishedAt,
          state: finishedAt === null ? "RUNNING" : prefectTypes[outcome],
        }),
      finish: (id, outcome) => server.setState(id, { type: prefectTypes[outcome], at: Date.now() }),
      delete: (id) => server.delete(id),
      retry: (id) =>
        server.setState(id, { type: "SCHEDULED", name: "AwaitingRetry", at: Date.now() }),
      resume: (id) => server.setState(id, { type: "RUNNING", at: Date.now() }),
    },
  )

const prefectTypes = { succeeded: "COMPLETED", failed: "FAILED" } as const

type Changes = Pick<Provider, "insert" | "finish" | "delete"> &
  Partial<Pick<Provider, "itemsOfOne" | "retry" | "resume">>

const provider = <Settings extends Provider["settings"]>(
  adapter: Adapter.Adapter<Settings>,
  settings: Settings,
  { itemsOfOne = 1, retry = null, resume = null, ...changes }: Changes,
): Provider => ({
  name: adapter.id,
  adapter: `@execlog/${adapter.id}`,
  settings,
  client: () => createClient(adapter(settings), { name: adapter.id }),
  itemsOfOne,
  retry,
  resume,
  ...changes,
})
