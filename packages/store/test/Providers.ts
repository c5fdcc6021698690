import { alloy } from "@execlog/alloy"
import { type Client, createClient, type Execution, type LogQuery } from "@execlog/core"
import { dify } from "@execlog/dify"
import { n8n } from "@execlog/n8n"
import { prefect } from "@execlog/prefect"
import { type Simulator, startSimulator } from "@execlog/simulator"

/** A history of one provider, as a test changes it. */
export interface SimulatedHistory {
  readonly client: (options?: { readonly name?: string; readonly fetch?: typeof fetch }) => Client
  /** Adds one that runs since an instant, and gives its id. */
  readonly start: (at: number) => string
  /** Adds one that has ended, listed in the order of an instant. */
  readonly add: (at: number) => string
  readonly finish: (id: string, at: number) => void
  readonly delete: (id: string) => void
  /** Begins one anew that has ended, where the provider does that under the same id. */
  readonly retry: ((id: string, at: number) => void) | null
}

/** A provider on which the store is tried. */
export interface SimulatedSource {
  readonly name: "alloy" | "dify" | "n8n" | "prefect"
  /** Its lists go by numbers that are given out in the order of the starts, so none appears late. */
  readonly isSequence: boolean
  readonly historyOf: (simulator: Simulator) => SimulatedHistory
}

/** All four, without an execution of their own where nothing is said. */
export const startEmpty = (): Promise<Simulator> => {
  const none = { executions: 0 }
  return startSimulator({ port: null, alloy: none, dify: none, n8n: none, prefect: none })
}

const clientOf =
  (
    connection: Parameters<typeof createClient>[0],
    simulator: Simulator,
  ): SimulatedHistory["client"] =>
  ({ name, fetch = simulator.fetch } = {}) =>
    createClient(connection, { name, fetch, transport: { retries: 0 } })

/** The four providers. */
export const sources: ReadonlyArray<SimulatedSource> = [
  {
    name: "alloy",
    isSequence: false,
    historyOf: (simulator) => {
      const { alloy: server } = simulator
      const { apiKey, baseUrl } = server
      return {
        client: clientOf(alloy({ apiKey, baseUrl }), simulator),
        start: (startedAt) => server.start({ startedAt }),
        add: (startedAt) => server.start({ startedAt, completedAt: startedAt, failed: true }),
        finish: (id, at) => server.finish(id, "ok", at),
        delete: (id) => server.delete(id),
        retry: null,
      }
    },
  },
  {
    name: "dify",
    isSequence: false,
    historyOf: (simulator) => {
      const { dify: server } = simulator
      const { apiKey, baseUrl } = server
      return {
        client: clientOf(dify({ apiKey, baseUrl, workflow: { id: "w1" } }), simulator),
        start: (at) => server.insert({ at, status: "running" }).runId,
        add: (at) => server.insert({ at, status: "failed", error: "no paper" }).runId,
        finish: (id) => server.finish(id, "succeeded"),
        delete: (id) => server.delete(id),
        retry: null,
      }
    },
  },
  {
    name: "n8n",
    isSequence: true,
    historyOf: (simulator) => {
      const { n8n: server } = simulator
      const { apiKey, baseUrl } = server
      return {
        client: clientOf(n8n({ apiKey, baseUrl }), simulator),
        start: (startedAt) => server.insert({ startedAt, status: "running" }),
        add: (startedAt) => server.insert({ startedAt, status: "error" }),
        finish: (id, at) => server.finish(id, "success", at),
        delete: (id) => server.delete(id),
        retry: null,
      }
    },
  },
  {
    name: "prefect",
    isSequence: false,
    historyOf: (simulator) => {
      const { prefect: server } = simulator
      const { baseUrl } = server
      return {
        client: clientOf(prefect({ baseUrl }), simulator),
        start: (at) => server.insert({ expectedStartTime: at, state: "RUNNING" }),
        add: (at) => server.insert({ expectedStartTime: at, state: "FAILED" }),
        finish: (id, at) => server.setState(id, { type: "COMPLETED", at }),
        delete: (id) => server.delete(id),
        retry: (id, at) => server.setState(id, { type: "RUNNING", at }),
      }
    },
  },
]

/** All that a client gives, those that its list leaves out included. */
export const readLive = async (
  client: Client,
  query: LogQuery = {},
): Promise<ReadonlyArray<Execution>> => {
  const found = new Map<string, Execution>()
  const options = { onWarning: () => {} }
  const leftOut = client.explain(query).omits.filter((status) => status === "running")
  for (const asked of [...leftOut.map((status) => ({ ...query, status: [status] })), query]) {
    for await (const execution of client.executions(asked, options)) {
      found.set(execution.id, execution)
    }
  }
  return [...found.values()]
}
