import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { pathToFileURL } from "node:url"
import { createClient, type LogQuery } from "@execlog/core"
import { afterAll } from "vitest"
import { contractSuite, type Exchange, type MadeExecution } from "../../src/index.js"
import { tracking } from "./TrackingAdapter.js"
import { startTracking } from "./TrackingServer.js"

const began = Date.parse("2026-11-21T07:00:00Z")
const now = "2026-11-21T08:00:00.000Z"

// Fifteen runs, some of which share an instant.
const history = Array.from({ length: 15 }, (_, index): MadeExecution => ({
  startedAt: began + Math.floor(index / 3) * 60_000,
  durationMs: index === 14 ? null : 4000 + index,
  outcome: index % 4 === 0 ? "failed" : "succeeded",
  delayMs: 0,
  workflow: index % 3,
  actor: index % 2,
}))

const queries: { readonly [name: string]: LogQuery | { readonly get: string } } = {
  walk: { pageSize: 4 },
  oldest: { pageSize: 4, order: "oldest" },
  failed: { status: ["failed"] },
  succeeded: { status: ["succeeded"] },
  running: { status: ["running"] },
  experiment: { workflowId: "102" },
  user: { actorId: "maria@example.com" },
  range: { since: "2026-11-21T07:01:00Z", until: "2026-11-21T07:03:00Z" },
  get: { get: "run-6" },
}

const server = await startTracking(history, { listen: false })
const connection = tracking({ token: "canary-tracking-1" })

/** A fetch that keeps the exchanges with the server. */
const recorder =
  (exchanges: Array<Exchange>): typeof globalThis.fetch =>
  async (input, init) => {
    const { origin, pathname, search } = new URL(String(input))
    const answer = await server.fetch(input, init)
    const body = typeof init?.body === "string" ? { body: JSON.parse(init.body) } : {}
    exchanges.push({
      scope: origin,
      method: init?.method ?? "GET",
      path: pathname + search,
      reqheaders: { authorization: "Bearer REDACTED" },
      ...body,
      status: answer.status,
      response: JSON.parse(await answer.clone().text()),
      rawHeaders: ["content-type", "application/json"],
    })
    return answer
  }

const folder = pathToFileURL(`${await mkdtemp(`${tmpdir()}/execlog-tracking-`)}/`)
afterAll(() => rm(folder, { recursive: true }))

const resumeAfter = 6
for (const [name, query] of Object.entries(queries)) {
  const exchanges: Array<Exchange> = []
  const rest: Array<Exchange> = []
  const client = createClient(connection, { name: "contract-tests", fetch: recorder(exchanges) })
  if ("get" in query) await client.get(query.get)
  else {
    const cursors: Array<string> = []
    for await (const { cursor } of client.entries(query)) cursors.push(cursor())
    if (name === "walk") {
      const again = createClient(connection, { name: "contract-tests", fetch: recorder(rest) })
      const cursor = cursors[resumeAfter - 1] ?? null
      for await (const _ of again.entries(query, { cursor })) continue
    }
  }
  const fixture = {
    provenance: { kind: "simulated", provider: "tracking", dataset: "sample" },
    now,
    query,
    exchanges,
    ...(rest.length === 0 ? {} : { resumed: [{ after: resumeAfter, exchanges: rest }] }),
  }
  await writeFile(new URL(`${name}.json`, folder), JSON.stringify(fixture))
}

await contractSuite({
  adapter: tracking,
  fixtures: folder,
  module: new URL("./TrackingAdapter.ts", import.meta.url),
})
