import { writeFile } from "node:fs/promises"
import { createClient, type LogQuery } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import type { Exchange } from "../src/kit/Fixture.js"

const begin = Date.parse("2026-11-21T07:00:00Z") / 1000
const states = ["ok", "done", "bad", "going", "ok"]

/** The history of an invented server: fifteen rows, some of which share a second. */
const rows = Array.from({ length: 15 }, (_, index) => {
  const started = begin + Math.floor(index / 2) * 60
  const state = states[index % states.length] ?? "ok"
  return {
    id: `row-${index}`,
    state,
    workflow: `workflow-${index % 2}`,
    user: index % 3 === 0 ? "maria@example.com" : null,
    logged: started + 5 + (index % 3),
    started,
    ended: state === "going" ? null : started + 4,
    queuedAt: new Date(started * 1000).toISOString(),
    tags: ["b", "a"],
  }
}).toSorted((a, b) => b.logged - a.logged || (a.id < b.id ? -1 : 1))

/** A row of that history. */
export type HistoryRow = (typeof rows)[number]

const answer = (url: URL, history: ReadonlyArray<HistoryRow> = rows): unknown => {
  const asked = url.searchParams
  const [, id] = /\/rows\/(.+)$/.exec(url.pathname) ?? []
  if (id !== undefined) return history.find((row) => row.id === id)
  const matching = history.filter(
    (row) =>
      row.logged * 1000 <= Number(asked.get("until") ?? Number.POSITIVE_INFINITY) &&
      row.logged * 1000 >= Number(asked.get("since") ?? 0) &&
      (asked.get("state") ?? row.state).split(",").includes(row.state) &&
      (asked.get("workflow") ?? row.workflow) === row.workflow,
  )
  const offset = asked.get("offset")
  // By offsets it gives three rows at most, whatever it is asked for.
  const most = offset === null ? Number.POSITIVE_INFINITY : 3
  const size = Math.min(most, Number(asked.get("size") ?? rows.length))
  const from = offset === null ? (Number(asked.get("page")) - 1) * size : Number(offset)
  return { rows: matching.slice(from, from + size), more: from + size < matching.length }
}

/** A server for whoever has the key. Its history may be another with each request. */
export const sampleServer =
  (
    key: string,
    historyOf: (rows: ReadonlyArray<HistoryRow>) => ReadonlyArray<HistoryRow> = (all) => all,
  ): typeof fetch =>
  async (input, init) => {
    const { url, headers } = new Request(input, init)
    if (headers.get("authorization") !== `Bearer ${key}`) {
      return Response.json({ problem: "This key is not known." }, { status: 401 })
    }
    const body = answer(new URL(url), historyOf(rows))
    return body === undefined
      ? Response.json({ problem: "There is no such row." }, { status: 404 })
      : Response.json(body)
  }

/** A fetch that answers as the server would, and keeps the exchanges. */
const recorder =
  (exchanges: Array<Exchange>): typeof globalThis.fetch =>
  async (input) => {
    const url = new URL(String(input))
    const response = JSON.parse(JSON.stringify(answer(url)))
    exchanges.push({
      scope: url.origin,
      method: "GET",
      path: url.pathname + url.search,
      reqheaders: { authorization: "Bearer REDACTED" },
      status: 200,
      response,
      rawHeaders: ["content-type", "application/json"],
    })
    return Response.json(response)
  }

const queries: { readonly [name: string]: LogQuery | { readonly get: string } } = {
  walk: { pageSize: 4 },
  failed: { status: ["failed"] },
  succeeded: { status: ["succeeded"] },
  workflow: { workflowId: "workflow-1" },
  actor: { actorId: "maria@example.com" },
  range: { since: "2026-11-21T07:02:00Z", until: "2026-11-21T07:05:00Z" },
  get: { get: "row-6" },
}

const resumeAfter = 6

const rejection = {
  provenance: { kind: "simulated", provider: "sample" },
  now: "2026-11-21T08:00:00.000Z",
  query: { get: "row-99" },
  request: "any",
  exchanges: [
    {
      scope: "https://sample.example.com",
      method: "GET",
      path: "/api/rows/row-99",
      status: 404,
      response: { problem: "There is no such row." },
    },
  ],
  expect: { reason: "NotFound", status: 404, providerMessage: "There is no such row." },
}

/** Records fixtures of the server into a folder, as the adapter of a connection asks for them. */
export const recordFixtures = async (connection: Connection, folder: URL): Promise<void> => {
  await writeFile(new URL("rejection.json", folder), JSON.stringify(rejection))
  for (const [name, query] of Object.entries(queries)) {
    const exchanges: Array<Exchange> = []
    const rest: Array<Exchange> = []
    const client = createClient(connection, { name: "contract-tests", fetch: recorder(exchanges) })
    const onRejected = () => undefined
    if ("get" in query) await client.get(query.get)
    else {
      const cursors: Array<string> = []
      for await (const { cursor } of client.entries(query, { onRejected, onWarning: onRejected })) {
        cursors.push(cursor())
      }
      if (name === "walk") {
        const again = createClient(connection, { name: "contract-tests", fetch: recorder(rest) })
        const cursor = cursors[resumeAfter - 1] ?? null
        for await (const _ of again.entries(query, { cursor, onRejected, onWarning: onRejected }))
          void _
      }
    }
    const fixture = {
      provenance: { kind: "simulated", provider: connection.provider, dataset: "sample" },
      now: "2026-11-21T08:00:00.000Z",
      query,
      exchanges,
      ...(rest.length === 0 ? {} : { resumed: [{ after: resumeAfter, exchanges: rest }] }),
    }
    await writeFile(new URL(`${name}.json`, folder), JSON.stringify(fixture))
  }
}
