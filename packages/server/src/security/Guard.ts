import * as Effect from "effect/Effect"
import {
  HttpRouter,
  HttpServerRequest,
  HttpServerRespondable,
  HttpServerResponse,
} from "effect/http"
import * as Layer from "effect/Layer"
import { Authorization, sessionCookie } from "../api/Api.js"
import { Forbidden, Unauthorized } from "../api/Problem.js"
import type { Access, AccessLevel } from "./Access.js"
import type { AllowedHosts } from "./AllowedHosts.js"

/**
 * Refuses requests under foreign names, which a rebound name of the DNS sends, and of pages of other
 * origins. Sets the headers of every response.
 */
export const guardLayer = (allowed: AllowedHosts) =>
  HttpRouter.middleware(
    (response) =>
      Effect.gen(function* () {
        const { headers } = yield* HttpServerRequest.HttpServerRequest
        const fault = faultOfSender(allowed, headers)
        const given = fault === null ? yield* response : yield* problemResponse(fault)
        return HttpServerResponse.setHeaders(given, {
          ...protectingHeaders,
          ...(given.status === 401 ? { "www-authenticate": "Bearer" } : {}),
          // A page may need a policy of its own.
          ...given.headers,
        })
      }),
    { global: true },
  )

const problemResponse = (problem: Forbidden | Unauthorized) =>
  Effect.orDie(HttpServerRespondable.toResponse(problem))

const faultOfSender = (
  { allowsHost, allowsOrigin }: AllowedHosts,
  headers: HttpServerRequest.HttpServerRequest["headers"],
): Forbidden | null => {
  const { host, origin } = headers
  if (!allowsHost(host)) {
    return new Forbidden({
      code: "foreign_host",
      detail: `This server does not go by the name ${JSON.stringify(host ?? "")}.`,
      hint: { code: "configure", text: "Name it in the option hosts." },
    })
  }
  const isAllowed = origin === undefined ? null : allowsOrigin(origin, host)
  // A link on another page leads here without an origin; a script or a form sends one.
  const isForeign =
    isAllowed === null
      ? headers["sec-fetch-site"] === "cross-site" && headers["sec-fetch-mode"] !== "navigate"
      : !isAllowed
  if (!isForeign) return null
  return new Forbidden({
    code: "foreign_origin",
    detail: "Pages of other origins may not ask this server.",
    hint: { code: "configure", text: "Name the origin in the option origins." },
  })
}

/** Scripts, styles and requests of this server alone; in no frame; nothing guessed, nothing told. */
const protectingHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
}

/** Methods that change nothing. */
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

/** Whether a request is let in, by what its token or cookie allows. */
const faultOfLevel = (
  { isOpen }: Access,
  level: AccessLevel | null,
  method: string,
): Unauthorized | Forbidden | null => {
  if (isOpen) return null
  if (level === null) {
    return new Unauthorized({
      code: "Authentication",
      detail: "A token is required, and the request has none that is valid.",
      hint: { code: "authenticate", text: "Send it as Authorization: Bearer TOKEN, or log in." },
    })
  }
  if (level === "write" || safeMethods.has(method)) return null
  return new Forbidden({ code: "Permission", detail: "This token allows reading only." })
}

/** Fails unless a request has a token, or a cookie, that allows it. */
export const letIn = (
  access: Access,
  { headers, cookies, method }: HttpServerRequest.HttpServerRequest,
): Effect.Effect<void, Unauthorized | Forbidden> => {
  const token = /^Bearer +(\S+)$/i.exec(headers["authorization"] ?? "")?.[1]
  const session = cookies[sessionCookie]
  const level =
    (token === undefined ? null : access.levelOf(token)) ??
    (session === undefined ? null : access.levelOfSession(session))
  const fault = faultOfLevel(access, level, method)
  return fault === null ? Effect.void : Effect.fail(fault)
}

/** Lets only those use the API who have a token. Both ways to send one are looked at together. */
export const authorizationLayer = (access: Access): Layer.Layer<Authorization> => {
  const check = <A, E, R>(response: Effect.Effect<A, E, R>) =>
    HttpServerRequest.HttpServerRequest.pipe(
      Effect.flatMap((request) => letIn(access, request)),
      Effect.andThen(response),
    )
  return Layer.succeed(Authorization, Authorization.of({ bearer: check, cookie: check }))
}
