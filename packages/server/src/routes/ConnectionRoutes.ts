import { ExecutionStore } from "@execlog/store"
import * as Effect from "effect/Effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.js"
import { NotFound } from "../api/Problem.js"
import { connectionStates } from "../syncing/ConnectionStates.js"
import { Syncs } from "../syncing/Syncs.js"
import { Shown } from "./Shown.js"
import { asProblems } from "./StoreProblems.js"

const defaultRejected = 100

/** Connections, and what could not be read of them. */
export const connectionRoutes = HttpApiBuilder.group(
  Api,
  "connections",
  Effect.fnUntraced(function* (handlers) {
    const store = yield* ExecutionStore
    const syncs = yield* Syncs
    const shown = yield* Shown
    return handlers.handleAll({
      list: () =>
        connectionStates(store, syncs).pipe(
          Effect.map((connections) => HttpServerResponse.jsonUnsafe({ connections })),
          asProblems,
        ),
      rejected: Effect.fnUntraced(function* ({ query: { connection, cursor, limit } }) {
        const { rejected, next } = yield* store
          .rejected({
            connections: connection === undefined ? undefined : [connection],
            cursor,
            limit: limit ?? defaultRejected,
          })
          .pipe(asProblems)
        return HttpServerResponse.jsonUnsafe({
          rejected: rejected.map((item) => (shown.has("raw") ? item : { ...item, raw: null })),
          next,
        })
      }),
      sync: Effect.fnUntraced(function* ({ params: { connection } }) {
        if (yield* syncs.syncNow(connection)) return
        return yield* new NotFound({
          code: "NotFound",
          detail: `This server syncs no connection ${connection}.`,
        })
      }),
    })
  }),
)
