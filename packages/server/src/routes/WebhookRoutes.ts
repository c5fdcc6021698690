import * as Effect from "effect/Effect"
import { HttpRouter, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { InvalidRequest, NotFound, Unauthorized } from "../api/Problem.js"
import { isSigned } from "../security/WebhookSignature.js"
import { type SyncedConnection, Syncs } from "../syncing/Syncs.js"

/**
 * `POST /api/webhooks/CONNECTION`: a platform says that something has changed. It is a hint to sync
 * now, whatever it says; what is stored comes from the platform's list.
 */
export const webhookRoutes = (connections: ReadonlyArray<SyncedConnection>) => {
  const secrets = new Map(connections.map(({ name, webhookSecret }) => [name, webhookSecret]))
  return HttpRouter.use((router) =>
    Effect.gen(function* () {
      const syncs = yield* Syncs
      yield* router.add("POST", "/api/webhooks/:connection", (request) =>
        Effect.gen(function* () {
          const { connection = "" } = yield* HttpRouter.params
          const secret = secrets.get(connection)
          if (secret === undefined) {
            return yield* new NotFound({
              code: "NotFound",
              detail: `No webhook is configured for the connection ${connection}.`,
            })
          }
          const body = yield* request.arrayBuffer.pipe(
            Effect.mapError(
              () => new InvalidRequest({ code: "body", detail: "The body cannot be read." }),
            ),
          )
          if (!isSigned(secret, { headers: request.headers, body: new Uint8Array(body) })) {
            return yield* new Unauthorized({
              code: "Authentication",
              detail: "The signature or the token of the webhook is not valid.",
            })
          }
          yield* syncs.syncNow(connection)
          return HttpServerResponse.empty({ status: 202 })
        }).pipe(Effect.catch((problem) => Effect.orDie(HttpServerRespondable.toResponse(problem)))),
      )
    }),
  )
}
