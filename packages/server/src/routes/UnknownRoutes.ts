import * as Effect from "effect/Effect"
import { HttpRouter, HttpServerRespondable, HttpServerResponse } from "effect/http"
import { openApiDocument } from "../api/Api.js"
import { MethodNotAllowed, NotFound } from "../api/Problem.js"

// Not all methods: a route for HEAD would come before those for GET, which answer it.
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const

/** Answers requests that no other route takes. */
export const unknownRoutes = HttpRouter.use((router) =>
  Effect.forEach(
    methods,
    (method) => router.add(method, "/*", ({ url }) => refusalOf(method, pathOf(url))),
    { discard: true },
  ),
)

const pathOf = (url: string): string => url.split("?", 1)[0] ?? ""

const refusalOf = (method: string, path: string) => {
  const allowed = apiPaths().find(({ pattern }) => pattern.test(path))?.methods
  if (allowed === undefined) {
    const detail = `Nothing is served at ${path}.`
    return Effect.orDie(
      HttpServerRespondable.toResponse(new NotFound({ code: "NotFound", detail })),
    )
  }
  const detail = `${path} does not take ${method}.`
  return HttpServerRespondable.toResponse(
    new MethodNotAllowed({ code: "MethodNotAllowed", detail }),
  ).pipe(Effect.map(HttpServerResponse.setHeader("allow", allowed.join(", "))), Effect.orDie)
}

interface ApiPath {
  readonly pattern: RegExp
  readonly methods: ReadonlyArray<string>
}

let paths: ReadonlyArray<ApiPath> | null = null

/** The paths of the API, which are read once from its description. */
const apiPaths = (): ReadonlyArray<ApiPath> => {
  paths ??= Object.entries(openApiDocument().paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    methods: Object.keys(operations).flatMap((name) =>
      name === "get" ? ["GET", "HEAD"] : [name.toUpperCase()],
    ),
  }))
  return paths
}
