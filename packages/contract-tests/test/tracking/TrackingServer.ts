import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import type { MadeExecution, ProviderServer, ServedAdapter } from "../../src/index.js"
import { tracking } from "./TrackingAdapter.js"

/** A run of the server. */
interface HeldRun {
  readonly run_id: string
  readonly run_name: string
  readonly experiment_id: string
  readonly user_id: string
  readonly status: string
  readonly start_time: number
  readonly end_time: number | null
}

const token = "canary-tracking-1"
const experimentIds = ["101", "102", "103"]
const userIds = ["maria@example.com", "jonas@example.com", "o'neill@example.com"]
const states = { succeeded: "FINISHED", failed: "FAILED" } as const

interface Search {
  readonly experiment_ids?: ReadonlyArray<string>
  readonly filter?: string
  readonly order_by?: ReadonlyArray<string>
  readonly max_results?: number
  readonly page_token?: string
}

const refuse = (status: number, message: string): Response =>
  Response.json({ error_code: "INVALID_PARAMETER_VALUE", message }, { status })

/** The values of a list such as `'FINISHED','FAILED'`. */
const listed = (list: string): ReadonlyArray<string> =>
  [...list.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, word = ""]) => word.replaceAll("\\", ""))

/** Whether a run matches a condition of the filter; null if the server does not know it. */
const passes = (run: HeldRun, condition: string): boolean | null => {
  const [, field, operator = "", value = ""] =
    /^attributes\.(start_time|user_id|status) (<=|>=|=|IN) (.+)$/s.exec(condition) ?? []
  switch (field) {
    case "start_time":
      return operator === "<=" ? run.start_time <= Number(value) : run.start_time >= Number(value)
    case "user_id":
      return listed(value).includes(run.user_id)
    case "status":
      return listed(value).includes(run.status)
    default:
      return null
  }
}

/** A page of a list, with a token that counts rows. */
const pageOf = <A>(all: ReadonlyArray<A>, { max_results = 100, page_token }: Search) => {
  const begin = page_token === undefined ? 0 : Number(atob(page_token))
  const end = begin + max_results
  // Like MLflow, it leaves the token out at the end.
  const next = end < all.length ? { next_page_token: btoa(String(end)) } : {}
  return { rows: all.slice(begin, end), next }
}

/** Lists runs that share an instant in another order with each request. */
const shuffled = (run: HeldRun, salt: number): number =>
  (Number(run.run_id.slice(4)) * 7919 * (salt + 1)) % 101

const makeTracking = (shufflesTies: boolean) => {
  const runs = new Map<string, HeldRun>()
  let requests = 0
  let made = 0

  const search = (asked: Search): Response => {
    const { experiment_ids: within, filter = "", order_by: [order = ""] = [] } = asked
    if (within?.length === 0) return refuse(400, "At least one experiment is needed.")
    const conditions = filter === "" ? [] : filter.split(" AND ")
    const salt = shufflesTies ? requests : 0
    const all = [...runs.values()]
    if (conditions.some((one) => all.some((run) => passes(run, one) === null))) {
      return refuse(400, `Invalid filter: ${filter}`)
    }
    const sign = order.endsWith("ASC") ? 1 : -1
    const matching = all
      .filter(({ experiment_id }) => within?.includes(experiment_id) !== false)
      .filter((run) => conditions.every((one) => passes(run, one)))
      .toSorted(
        (a, b) =>
          sign * (a.start_time - b.start_time) ||
          (shufflesTies ? shuffled(a, salt) - shuffled(b, salt) : a.run_id < b.run_id ? -1 : 1),
      )
    const { rows, next } = pageOf(matching, asked)
    return Response.json({ runs: rows.map(written), ...next })
  }
  const answer = (method: string, url: URL, body: string): Response => {
    requests += 1
    const asked: Search = body === "" ? {} : JSON.parse(body)
    switch (`${method} ${url.pathname}`) {
      case "POST /api/experiments/search": {
        const { rows, next } = pageOf(experimentIds, asked)
        return Response.json({
          experiments: rows.map((id) => ({ experiment_id: id, name: `experiment ${id}` })),
          ...next,
        })
      }
      case "POST /api/runs/search":
        return search(asked)
      case "GET /api/runs/get": {
        const run = runs.get(url.searchParams.get("run_id") ?? "")
        return run === undefined
          ? Response.json({ message: "There is no such run." }, { status: 404 })
          : Response.json({ run: written(run) })
      }
      default:
        return Response.json({ message: "There is no such endpoint." }, { status: 404 })
    }
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { method, url, headers } = new Request(input, init)
    if (headers.get("authorization") !== `Bearer ${token}`) {
      return Response.json({ message: "This token is not known." }, { status: 401 })
    }
    return answer(method, new URL(url), typeof init?.body === "string" ? init.body : "")
  }
  const insert = ({ startedAt, durationMs, outcome, workflow, actor }: MadeExecution): string => {
    const run_id = `run-${made++}`
    runs.set(run_id, {
      run_id,
      run_name: `run ${made}`,
      experiment_id: experimentIds[workflow] ?? "0",
      user_id: userIds[actor] ?? "nobody",
      status: durationMs === null ? "RUNNING" : states[outcome],
      start_time: startedAt,
      end_time: durationMs === null ? null : startedAt + durationMs,
    })
    return run_id
  }
  return { runs, fetch, insert }
}

const written = ({ run_id, ...run }: HeldRun) => ({
  info: { run_id, ...run },
  data: { params: [], tags: [] },
})

/** Answers over HTTP like a fetch. */
const listen = async (fetch: typeof globalThis.fetch) => {
  const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/", headers } = request
    const body = await text(request)
    const answer = await fetch(`http://127.0.0.1${url}`, {
      method,
      headers: { authorization: headers.authorization ?? "" },
      ...(body === "" ? {} : { body }),
    })
    response.writeHead(answer.status, { "content-type": "application/json" })
    response.end(await answer.text())
  }
  const server = createServer((request, response) => void answerTo(request, response))
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  // A TCP server: its address is not a path.
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, "close")
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Starts a server with runs of three experiments and three users. */
export const startTracking = async (
  history: ReadonlyArray<MadeExecution>,
  { listen: listens, shufflesTies = false }: { listen: boolean; shufflesTies?: boolean },
): Promise<ProviderServer> => {
  const { runs, fetch, insert } = makeTracking(shufflesTies)
  const http = listens ? await listen(fetch) : null
  const baseUrl = `${http?.origin ?? "http://127.0.0.1:9"}/api`
  const experimentOf = (workflow: number) => experimentIds[workflow] ?? "0"
  const userOf = (actor: number) => userIds[actor] ?? "nobody"
  return {
    settings: { token, baseUrl },
    baseUrl,
    fetch,
    ids: history.map(insert),
    workflowId: experimentOf,
    workflowOf: ({ workflow }) => experimentOf(workflow),
    actorId: userOf,
    actorOf: ({ actor }) => userOf(actor),
    insert,
    delete: (id) => void runs.delete(id),
    finish: (id, outcome, at = Date.now()) => {
      const run = runs.get(id)
      if (run !== undefined) runs.set(id, { ...run, status: states[outcome], end_time: at })
    },
    [Symbol.asyncDispose]: async () => {
      await http?.close()
    },
  }
}

/** The list of runs, whose page tokens count rows: its pages hold an instant. */
export const served: ServedAdapter = {
  adapter: tracking,
  endpoints: [{ name: "list", orders: ["newest", "oldest"], leastPage: 60, query: () => ({}) }],
  mostDelayMs: 60_000,
  start: startTracking,
}
