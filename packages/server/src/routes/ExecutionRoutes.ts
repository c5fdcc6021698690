import { ExecutionStore } from "@execlog/store"
import * as Effect from "effect/Effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import * as Stream from "effect/Stream"
import { Api } from "../api/Api.js"
import { NotFound } from "../api/Problem.js"
import { queryOf, scopeOf } from "../api/QueryParameters.js"
import { ChangeFeed } from "../events/ChangeFeed.js"
import { EventStreams } from "../events/EventStreams.js"
import { accepts } from "./Accept.js"
import { faultOfInclude, Shown, withoutHidden } from "./Shown.js"
import { asProblems } from "./StoreProblems.js"

const defaultLimit = 50
const defaultChanges = 100

/** Executions and their changes. */
export const executionRoutes = HttpApiBuilder.group(
  Api,
  "executions",
  Effect.fnUntraced(function* (handlers) {
    const store = yield* ExecutionStore
    const shown = yield* Shown
    const feed = yield* ChangeFeed
    const streams = yield* EventStreams
    return handlers.handleAll({
      list: Effect.fnUntraced(function* ({ query: parameters, request }) {
        const { limit, cursor, ...rest } = parameters
        const hidden = faultOfInclude(shown, rest.include)
        if (hidden !== null) return yield* hidden
        const query = queryOf(rest)
        const options = { ...scopeOf(rest), cursor }
        if (accepts(request, "application/x-ndjson")) {
          const lines = store.entries(query, { ...options, limit })
          // A query that cannot be answered is a problem, not a broken stream.
          yield* store.entries(query, { ...options, limit: 1 }).pipe(Stream.runDrain, asProblems)
          return HttpServerResponse.stream(
            lines.pipe(
              Stream.map(({ execution }) => `${JSON.stringify(execution)}\n`),
              Stream.encodeText,
            ),
            { contentType: "application/x-ndjson" },
          )
        }
        const most = limit ?? defaultLimit
        const found = yield* store
          .entries(query, { ...options, limit: most + 1 })
          .pipe(Stream.runCollect, asProblems)
        const page = found.slice(0, most)
        return HttpServerResponse.jsonUnsafe({
          executions: page.map(({ execution }) => execution),
          next: found.length > most ? (page.at(-1)?.cursor() ?? null) : null,
        })
      }),
      get: Effect.fnUntraced(function* ({ params: { connection, id }, query: { include } }) {
        const hidden = faultOfInclude(shown, include)
        if (hidden !== null) return yield* hidden
        const found = yield* store.get(connection, id, include).pipe(asProblems)
        if (found === null) {
          return yield* new NotFound({
            code: "NotFound",
            detail: `There is no execution ${id} of the connection ${connection} in the store.`,
          })
        }
        return HttpServerResponse.jsonUnsafe({
          ...found,
          execution: withoutHidden(shown, found.execution),
        })
      }),
      changes: Effect.fnUntraced(function* ({ query, headers, request }) {
        if (accepts(request, "text/event-stream")) {
          return yield* streams.respond(feed, headers["last-event-id"] ?? query.after ?? null)
        }
        const { after = 0, limit = defaultChanges } = query
        const found = yield* store.changes(after, limit).pipe(asProblems)
        return HttpServerResponse.jsonUnsafe(found)
      }),
    })
  }),
)
