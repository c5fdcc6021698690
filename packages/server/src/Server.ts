import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { HttpApiBuilder } from "effect/http-api"
import { HttpRouter } from "effect/http"
import { Api } from "./api/Api.js"
import { ChangeFeed } from "./events/ChangeFeed.js"
import { Draining } from "./events/Draining.js"
import { EventStreams } from "./events/EventStreams.js"
import { connectionRoutes } from "./routes/ConnectionRoutes.js"
import { executionRoutes } from "./routes/ExecutionRoutes.js"
import { healthRoutes } from "./routes/HealthRoutes.js"
import { readableRequestsLayer } from "./routes/ReadableRequests.js"
import { Shown } from "./routes/Shown.js"
import { statisticsRoutes } from "./routes/StatisticsRoutes.js"
import { makeAccess } from "./security/Access.js"
import { allowHosts } from "./security/AllowedHosts.js"
import { authorizationLayer, guardLayer } from "./security/Guard.js"
import type { ServerSettings } from "./ServerSettings.js"
import { Syncs } from "./syncing/Syncs.js"

/** How often changes that other programs store are looked for. */
const lookEveryMs = 1000

/** Serves a store over HTTP, and syncs connections into it, as long as the layer lives. */
export const serverLayer = (settings: ServerSettings) => {
  const { host, port, tokens, hosts, origins, show, connections, mostEventStreams } = settings
  const allowed = allowHosts(host, { hosts, origins })
  const access = makeAccess(tokens)
  const api = HttpApiBuilder.layer(Api, { openapiPath: "/api/openapi.json" }).pipe(
    Layer.provide([executionRoutes, statisticsRoutes, connectionRoutes]),
    Layer.provide([authorizationLayer(access), readableRequestsLayer]),
  )
  const routes = Layer.mergeAll(api, healthRoutes, guardLayer(allowed))
  const services = EventStreams.layer(mostEventStreams).pipe(
    Layer.provideMerge(Draining.layer),
    Layer.merge(Layer.succeed(Shown, new Set(show))),
    Layer.provideMerge(
      Syncs.layer(
        connections,
        Effect.flatMap(ChangeFeed, ({ look }) => look),
      ),
    ),
    Layer.provideMerge(ChangeFeed.layer(lookEveryMs)),
  )
  const server = HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(createServer, { host, port, gracefulShutdownTimeout: "10 seconds" }),
    ),
  )
  return Draining.layerBegin.pipe(Layer.provideMerge(server), Layer.provide(services))
}
