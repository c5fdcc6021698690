import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Setting, Wire } from "../src/adapter.js"
import { type Warning, createClient } from "../src/index.js"

const Row = Schema.Struct({ id: Wire.id, at: Schema.Finite, state: Schema.String })
const toExecution = (row: typeof Row.Type) => ({
  id: row.id,
  providerStatus: row.state,
  startedAt: new Date(row.at),
  finishedAt: row.state === "ok" ? new Date(row.at + 1) : null,
})

const adapterWith = (status: ReturnType<typeof Filter.words> | typeof Filter.here) =>
  Adapter.make({
    id: "sample",
    title: "Sample",
    settings: { apiKey: Setting.secret("The key") },
    baseUrl: () => "https://sample.example/api",
    statuses: { ok: "succeeded", going: "running", paused: "waiting" },
    auth: () => Auth.none,
    list: {
      route: "GET /rows",
      pagination: Pagination.offset({ offset: "skip", size: "size" }),
      maxPageSize: 50,
      time: {
        at: (row) => row.at,
        walk: "windows",
        before: (until) => ({ until }),
        after: (since) => ({ since }),
      },
      filters: () => ({ status }),
      page: Schema.Array(Schema.Unknown),
      info: (items) => ({ items }),
      item: Row,
      itemId: (row) => row.id,
      toExecution,
      request: ({ params }) => ({ method: "GET", path: "/rows", query: params }),
    },
    get: {
      route: "GET /rows/{id}",
      request: ({ id }) => ({ method: "GET", path: `/rows/${id}` }),
      item: Row,
      toExecution,
    },
  })

const day = 24 * 60 * 60_000

/** A server with an execution that has run for nine days, and ends once it is requested by its id. */
const server = () => {
  const began = Date.now() - 9 * day
  let state = "going"
  const fetch: typeof globalThis.fetch = async (input) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.pathname.endsWith("/old")) {
      state = "ok"
      return Response.json({ id: "old", at: began, state })
    }
    const since = Number(url.searchParams.get("since") ?? 0)
    const word = url.searchParams.get("state")
    const isListed = began >= since && (word === null || word === state)
    const isPast = Number(url.searchParams.get("skip") ?? 0) > 0
    return Response.json(isListed && !isPast ? [{ id: "old", at: began, state }] : [])
  }
  return fetch
}

const apiKey = "canary-sample-1"
const words = Filter.words(["ok", "going", "paused"], (all) =>
  all.length === 1 ? { state: all[0] ?? "" } : null,
)

describe("client.follow with executions that are unfinished at its start", () => {
  it("reports the end of an unfinished execution, whatever its age", async () => {
    const client = createClient(adapterWith(words)({ apiKey }), { fetch: server() })
    const warnings: Array<string> = []
    const options = { intervalMs: 1, onWarning: ({ text }: Warning) => void warnings.push(text) }
    for await (const { execution, previous } of client.follow({}, options)) {
      expect([execution.id, previous?.status, execution.status]).toEqual([
        "old",
        "running",
        "succeeded",
      ])
      break
    }
    expect(warnings).toEqual([])
  })

  it("warns once when it cannot list the unfinished executions", async () => {
    const client = createClient(adapterWith(Filter.here)({ apiKey }), { fetch: server() })
    const ending = new AbortController()
    const warnings: Array<string> = []
    const onWarning = ({ text }: Warning) => {
      warnings.push(text)
      ending.abort()
    }
    const following = async () => {
      const options = { intervalMs: 1, onWarning, signal: ending.signal }
      for await (const change of client.follow({}, options)) expect(change).toBeUndefined()
    }
    await expect(following()).rejects.toThrow(/abort/i)
    expect(warnings).toEqual([
      "GET /rows cannot list only the running or waiting executions: those that began earlier are followed only if they were listed within the look-back.",
    ])
  })
})
