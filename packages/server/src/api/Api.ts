import { HttpApi, HttpApiMiddleware, HttpApiSecurity, OpenApi } from "effect/http-api"
import { ConnectionsApi } from "./ConnectionsApi.js"
import { ExecutionsApi } from "./ExecutionsApi.js"
import { Forbidden, InternalError, InvalidRequest, Unauthorized } from "./Problem.js"
import { StatisticsApi } from "./StatisticsApi.js"

/** The cookie of a person who has logged in. */
export const sessionCookie = "execlog-session"

/** Lets only those pass who may ask. */
export class Authorization extends HttpApiMiddleware.Service<Authorization>()(
  "@execlog/server/Authorization",
  {
    security: {
      bearer: HttpApiSecurity.bearer,
      cookie: HttpApiSecurity.apiKey({ key: sessionCookie, in: "cookie" }),
    },
    error: [Unauthorized, Forbidden],
  },
) {}

/** Describes a request that cannot be read. */
export class ReadableRequests extends HttpApiMiddleware.Service<ReadableRequests>()(
  "@execlog/server/ReadableRequests",
  { error: [InvalidRequest, InternalError] },
) {}

/** The API of a server. */
export class Api extends HttpApi.make("execlog")
  .add(ExecutionsApi, StatisticsApi, ConnectionsApi)
  .middleware(ReadableRequests)
  .middleware(Authorization)
  .prefix("/api")
  .annotate(HttpApi.QueryParseOptions, { onExcessProperty: "error", errors: "all" })
  .annotateMerge(
    OpenApi.annotations({
      title: "execlog",
      version: "1",
      description: "Workflow executions of many platforms, as one log.",
    }),
  ) {}

/** The document that describes the API, as OpenAPI 3.1. */
export const openApiDocument = () => OpenApi.fromApi(Api)

