import { createServer } from "node:http"
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import { HttpRouter, HttpServerRequest } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { Api } from "./api/Api.js"
import { ChangeFeed } from "./events/ChangeFeed.js"
import { Draining } from "./events/Draining.js"
import { EventStreams } from "./events/EventStreams.js"
import { Metrics } from "./metrics/Metrics.js"
import * as NodeHttpServer from "./platform/NodeHttpServer.js"
import { apiDocsRoute } from "./routes/ApiDocsRoute.js"
import { connectionRoutes } from "./routes/ConnectionRoutes.js"
import { executionRoutes } from "./routes/ExecutionRoutes.js"
import { healthRoutes } from "./routes/HealthRoutes.js"
import { loginRoutes } from "./routes/LoginRoutes.js"
import { metricsRoute } from "./routes/MetricsRoute.js"
import { readableRequestsLayer } from "./routes/ReadableRequests.js"
import { Shown } from "./routes/Shown.js"
import { statisticsRoutes } from "./routes/StatisticsRoutes.js"
import { unknownRoutes } from "./routes/UnknownRoutes.js"
import { webhookRoutes } from "./routes/WebhookRoutes.js"
import { makeAccess } from "./security/Access.js"
import { allowHosts } from "./security/AllowedHosts.js"
import { authorizationLayer, guardLayer } from "./security/Guard.js"
import type { ServerSettings } from "./ServerSettings.js"
import { Syncs } from "./syncing/Syncs.js"

/** How often changes that other programs store are looked for. */
const lookEveryMs = 1000
/** The largest body of a request: GitHub sends webhooks of up to 25 MB. */
const mostBytes = ByteSize.mebibytes(32)

/** Gives what is logged to a function. */
const loggerLayer = (onWarning: (text: string) => void) =>
  Logger.layer([Logger.make(({ message }) => onWarning([message].flat().map(String).join(" ")))])

/** Serves a store over HTTP, and syncs connections into it, as long as the layer lives. */
export const serverLayer = (settings: ServerSettings) => {
  const { host, port, tokens, hosts, origins, show, connections } = settings
  const { mostEventStreams, onWarning } = settings
  const allowed = allowHosts(host, { hosts, origins })
  const access = makeAccess(tokens)
  const api = HttpApiBuilder.layer(Api, { openapiPath: "/api/openapi.json" }).pipe(
    Layer.provide([executionRoutes, statisticsRoutes, connectionRoutes]),
    Layer.provide([authorizationLayer(access), readableRequestsLayer]),
  )
  const routes = Layer.mergeAll(
    api,
    healthRoutes,
    apiDocsRoute,
    loginRoutes(access),
    metricsRoute(access),
    webhookRoutes(connections),
    unknownRoutes,
    guardLayer(allowed),
  )
  const services = Metrics.layer.pipe(
    Layer.provideMerge(EventStreams.layer(mostEventStreams)),
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
  return Draining.layerBegin.pipe(
    Layer.provideMerge(server),
    Layer.provide(services),
    Layer.provide(Layer.succeed(HttpServerRequest.MaxBodySize, mostBytes)),
    Layer.provide(loggerLayer(onWarning)),
  )
}
