import * as Effect from "effect/Effect"
import { FetchHttpClient } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { Api, openApiDocument } from "../src/api/Api.js"
import { connection, served } from "./Served.js"

describe("the client that is generated from the declared API", () => {
  it("reads what every endpoint answers", async () => {
    await using site = await served()
    site.simulator.dify.insert({ status: "running" })
    await site.sync()
    const program = Effect.gen(function* () {
      const client = yield* HttpApiClient.make(Api, { baseUrl: site.server.url })
      const page = yield* client.executions.list({ query: { status: ["succeeded"], limit: 3 } })
      if (Stream.isStream(page)) throw new Error("a page was asked for")
      expect(page.executions).toHaveLength(3)
      expect(page.executions[0]?.timestamp).toBeInstanceOf(Date)
      const [first] = page.executions
      const params = { connection, id: first?.id ?? "" }
      const detail = yield* client.executions.get({ params, query: {} })
      expect(detail.execution).toEqual(first)
      const changes = yield* client.executions.changes({ query: { after: 0 }, headers: {} })
      if (Stream.isStream(changes)) throw new Error("a list was asked for")
      expect(changes).toMatchObject([
        { number: 1, previous: null, execution: { status: "running" } },
      ])
      const summary = yield* client.statistics.summary({ query: { by: ["day"] } })
      expect(summary.overall.count).toBe(31)
      const { workflows } = yield* client.statistics.workflows({ query: {} })
      expect(workflows).toMatchObject([{ connection, count: 31 }])
      const { connections } = yield* client.connections.list()
      expect(connections).toMatchObject([{ name: connection, state: "waiting" }])
      const rejected = yield* client.connections.rejected({ query: {} })
      expect(rejected).toEqual({ rejected: [], next: null })
      yield* client.connections.sync({ params: { connection } })
      const missing = yield* Effect.flip(
        client.executions.get({ params: { connection, id: "none" }, query: {} }),
      )
      expect(missing).toMatchObject({ _tag: "NotFound", code: "NotFound", status: 404 })
    })
    await program.pipe(Effect.provide(FetchHttpClient.layer), Effect.runPromise)
  })
})

describe("the OpenAPI document", () => {
  it("is what the server serves, and names every endpoint", async () => {
    await using site = await served()
    expect(await site.read("/api/openapi.json")).toEqual(
      JSON.parse(JSON.stringify(openApiDocument())),
    )
    const { openapi, paths } = openApiDocument()
    expect(openapi).toMatch(/^3\.1\./)
    expect(Object.keys(paths).toSorted()).toEqual([
      "/api/changes",
      "/api/connections",
      "/api/connections/{connection}/sync",
      "/api/executions",
      "/api/executions/{connection}/{id}",
      "/api/rejected",
      "/api/statistics",
      "/api/workflows",
    ])
  })
})
