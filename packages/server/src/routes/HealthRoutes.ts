import { ExecutionStore } from "@execlog/store"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { overdueSyncs } from "../syncing/OverdueSyncs.js"
import { Syncs } from "../syncing/Syncs.js"

/** `/healthz`: the server is alive. `/readyz`: the store answers, and no sync is overdue. */
export const healthRoutes = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const store = yield* ExecutionStore
    const syncs = yield* Syncs
    yield* router.add("GET", "/healthz", HttpServerResponse.jsonUnsafe({ status: "ok" }))
    yield* router.add(
      "GET",
      "/readyz",
      Effect.gen(function* () {
        const answers = yield* Effect.result(store.lastChange())
        const now = yield* Clock.currentTimeMillis
        const overdue = overdueSyncs(yield* syncs.states, now)
        const isReady = answers._tag === "Success" && overdue.length === 0
        return HttpServerResponse.jsonUnsafe(
          {
            status: isReady ? "ok" : "unready",
            store: answers._tag === "Success" ? "ok" : answers.failure.reason,
            overdue,
          },
          { status: isReady ? 200 : 503, headers: { "cache-control": "no-store" } },
        )
      }),
    )
  }),
)
