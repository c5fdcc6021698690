import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { HttpApiSwagger } from "effect/http-api"
import { Api } from "../api/Api.js"

const path = "/api/docs"

/** `/api/docs`: the API to read and to try, made when it is first asked for, since it is large. */
export const apiDocsRoute = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const page = yield* Effect.cached(Effect.promise(renderDocs))
    yield* router.add("GET", path, page)
  }),
)

const renderDocs = async (): Promise<HttpServerResponse.HttpServerResponse> => {
  const { handler, dispose } = HttpRouter.toWebHandler(HttpApiSwagger.layer(Api, { path }), {
    disableLogger: true,
  })
  const response = await handler(new Request(`http://localhost${path}`))
  const html = await response.text()
  await dispose()
  return HttpServerResponse.html(html).pipe(
    HttpServerResponse.setHeader("content-security-policy", policyOf(html)),
  )
}

/** Allows the scripts that are in the page, and no others. */
const policyOf = (html: string): string => {
  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script = ""]) =>
    createHash("sha256").update(script).digest("base64"),
  )
  const allowed = scripts.map((hash) => `'sha256-${hash}'`).join(" ")
  return `default-src 'none'; script-src ${allowed}; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}
