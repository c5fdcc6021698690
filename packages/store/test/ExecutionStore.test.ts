import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { ExecutionStore, sourceOfClient } from "../src/index.js"
import { databases } from "./Databases.js"
import { execution, page, scripted } from "./ScriptedClient.js"

const client = scripted({ pages: () => [page([execution("1"), execution("2")])] })

describe.each(databases)("the service of a store in $name", ({ make }) => {
  it("syncs, lists and gets as the store of promises does", async () => {
    await using database = await make()
    const used = Effect.gen(function* () {
      const store = yield* ExecutionStore
      const summary = yield* store.sync(sourceOfClient(client))
      const executions = yield* Stream.runCollect(store.executions({ order: "oldest" }))
      const entries = yield* Stream.runCollect(store.entries({}, { limit: 1 }))
      const connections = yield* store.connections()
      const changes = yield* store.changes(0)
      const got = yield* store.get("shop", "2")
      return { summary, executions, entries, connections, changes, got }
    }).pipe(Effect.provide(ExecutionStore.layer(database.address, { access: "write" })))
    const found = await Effect.runPromise(used)
    expect(found.summary).toMatchObject({ connection: "shop", added: 2 })
    expect(found.executions.map(({ id }) => id)).toEqual(["1", "2"])
    expect(found.entries.map((entry) => entry.execution.id)).toEqual(["2"])
    expect(found.connections).toMatchObject([{ name: "shop", provider: "scripted" }])
    expect(found.changes).toEqual([])
    expect(found.got?.execution.id).toBe("2")
  })
})
