import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { AdapterError, type AdapterErrorFields, type AdapterErrorReason } from "./AdapterError.js"
import type { Connection, ProviderProblem, RequestSpec } from "./Connection.js"
import { parseJson } from "./Json.js"
import { makePace } from "./Pace.js"
import { makeRedactor } from "./Redaction.js"
import { Transport, type TransportRequest, type TransportResponse } from "./Transport.js"
import type { CheckedTransportSettings } from "./TransportSettings.js"

/** Sends the requests of one connection: with its key, in its pace, with retries, and in time. */
export interface Requests {
  /** The provider's name for people. */
  readonly title: string
  /** The answer's body as `JSON.parse` gave it. */
  readonly send: (spec: RequestSpec, operation: string) => Effect.Effect<unknown, AdapterError>
  /** An error of this connection, free of secrets. */
  readonly fail: (fields: AdapterErrorFields) => AdapterError
  /** A text that may quote the provider, free of secrets and of a sane length. */
  readonly clean: (text: string) => string
  /** What the provider's body says is wrong, where it says so at all. */
  readonly problem: (status: number, body: unknown) => ProviderProblem
  /** Bounds all that one page or one `get` may take, retries and waiting included. */
  readonly withDeadline: <A, R>(
    effect: Effect.Effect<A, AdapterError, R>,
    operation: string,
  ) => Effect.Effect<A, AdapterError, R>
}

const retryableStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])
const mostRedirects = 5

/** The sender of a connection's requests. */
export const makeRequests = (
  connection: Connection,
  name: string | null,
  settings: CheckedTransportSettings,
): Requests => {
  const redactor = makeRedactor(connection.secrets())
  const pace = makePace(settings)

  const fail = (fields: AdapterErrorFields): AdapterError => {
    const clean = (text: string | null | undefined) =>
      text === null || text === undefined ? null : redactor.text(text)
    return new AdapterError({
      provider: connection.provider,
      connection: name,
      ...fields,
      message: redactor.text(fields.message),
      providerMessage: clean(fields.providerMessage),
      ...(fields.hint === undefined ? {} : { hint: clean(fields.hint) }),
    })
  }

  const exchange = Effect.fnUntraced(function* (spec: RequestSpec, operation: string) {
    const transport = yield* Transport
    if (spec.path.split("/").some((segment) => segment === "." || segment === "..")) {
      return yield* fail({
        reason: "InvalidQuery",
        message: `"." and ".." are no ids: ${connection.title} would be asked for another path than ${spec.path}.`,
        operation,
      })
    }
    const origin = new URL(connection.baseUrl).origin
    let request = buildRequest(connection, spec, settings.maxBodyBytes)
    for (let hops = 0; hops <= mostRedirects; hops++) {
      const response = yield* transport.exchange(request).pipe(
        Effect.mapError(({ kind, message }) =>
          kind === "too_large"
            ? fail({
                reason: "TooLarge",
                message: `${connection.title} sent too much: ${message}.`,
                operation,
              })
            : fail({
                reason: "Transport",
                message: `No answer from ${origin}: ${message}.`,
                operation,
              }),
        ),
      )
      const location = redirectOf(response)
      if (location === null) return response
      const target = URL.canParse(location, request.url) ? new URL(location, request.url) : null
      if (target === null || target.origin !== origin) {
        return yield* fail({
          reason: "Transport",
          message: `${origin} redirects to another origin (${target?.origin ?? location}); the key is not sent there.`,
          operation,
          status: response.status,
          hint: "If the server has moved, set baseUrl to its new address.",
        })
      }
      request = { ...request, url: target.href }
    }
    return yield* fail({
      reason: "Transport",
      message: `${origin} redirects in a circle.`,
      operation,
    })
  })

  const attempt = Effect.fnUntraced(function* (spec: RequestSpec, operation: string) {
    const response = yield* exchange(spec, operation).pipe(
      Effect.timeoutOrElse({
        duration: settings.timeoutMs,
        orElse: () =>
          Effect.fail(
            fail({
              reason: "Timeout",
              message: `${connection.title} did not answer within ${settings.timeoutMs} ms.`,
              operation,
            }),
          ),
      }),
    )
    if (response.status >= 200 && response.status < 300) {
      const body = parseJson(response.body)
      if (body !== undefined) return body
      return yield* fail({
        reason: "Decode",
        ...explainBody(connection, spec, response),
        operation,
        status: response.status,
      })
    }
    const now = yield* Clock.currentTimeMillis
    const error = fail(explainStatus(connection, spec, response, now, operation))
    if (response.status === 429) {
      yield* pace.hold(Math.min(error.retryAfterMs ?? 1000, settings.deadlineMs))
    }
    return yield* error
  })

  const retrySchedule = Schedule.exponential(Duration.millis(200), 2).pipe(
    Schedule.jittered,
    Schedule.setInputType<AdapterError>(),
    Schedule.modifyDelay(({ input, duration }) =>
      Effect.succeed(Math.max(input.retryAfterMs ?? 0, Duration.toMillis(duration))),
    ),
  )

  // Waiting that would outlast the deadline is left to the caller, who is told how long.
  const isWorthRetrying = (error: AdapterError): boolean =>
    isPassing(error) && (error.retryAfterMs ?? 0) < settings.deadlineMs

  return {
    title: connection.title,
    fail,
    clean: redactor.text,
    problem: connection.problem,
    send: (spec, operation) =>
      pace.take(attempt(spec, operation)).pipe(
        Effect.retry({
          schedule: retrySchedule,
          times: settings.retries,
          while: isWorthRetrying,
        }),
      ),
    withDeadline: (effect, operation) =>
      Effect.timeoutOrElse(effect, {
        duration: settings.deadlineMs,
        orElse: () =>
          Effect.fail(
            fail({
              reason: "Timeout",
              message: `${connection.title} gave no ${operation === "get" ? "execution" : "page"} within ${settings.deadlineMs} ms, retries included.`,
              operation,
            }),
          ),
      }),
  }
}

/** Whether a failure may pass by itself. */
const isPassing = (error: AdapterError): boolean =>
  error.reason === "Timeout" ||
  (error.reason === "Transport" && error.status === null) ||
  (error.status !== null && retryableStatuses.has(error.status))

const buildRequest = (
  connection: Connection,
  spec: RequestSpec,
  maxBodyBytes: number,
): TransportRequest => {
  const url = new URL(`${connection.baseUrl}${spec.path}`)
  for (const [key, value] of Object.entries(spec.query ?? {})) {
    url.searchParams.set(key, typeof value === "object" ? JSON.stringify(value) : String(value))
  }
  const hasBody = spec.body !== undefined
  const auth = connection.auth()
  return {
    method: spec.method,
    url: url.href,
    headers: {
      accept: "application/json",
      ...(hasBody ? { "content-type": "application/json" } : {}),
      ...spec.headers,
      ...auth.headers,
    },
    secretHeaders: Object.keys(auth.headers),
    body: hasBody ? JSON.stringify(spec.body) : null,
    maxBodyBytes,
  }
}

const redirectOf = (response: TransportResponse): string | null =>
  [301, 302, 303, 307, 308].includes(response.status)
    ? (response.headers["location"] ?? null)
    : null

/** What stands in an answer where JSON is due. */
const explainBody = (
  connection: Connection,
  spec: RequestSpec,
  response: TransportResponse,
): Pick<AdapterErrorFields, "message" | "hint"> => {
  const answered = `${connection.title} answered ${spec.method} ${spec.path} with`
  if (/^\s*[{[]/.test(response.body)) {
    return {
      message: `${answered} JSON that is broken or was cut off.`,
      hint: "Try again; if it stays, something between here and the provider changes its answers.",
    }
  }
  const type = response.headers["content-type"] ?? "unknown"
  if (response.body.trim() === "") return { message: `${answered} nothing instead of JSON.` }
  return /^\s*<(!doctype|html)/i.test(response.body)
    ? { message: `${answered} a web page instead of JSON.` }
    : { message: `${answered} a body of type ${type} instead of JSON.` }
}

const explainStatus = (
  connection: Connection,
  spec: RequestSpec,
  response: TransportResponse,
  now: number,
  operation: string,
): AdapterErrorFields => {
  const { status } = response
  const problem = connection.problem(status, parseJson(response.body) ?? null)
  const providerMessage = problem.message ?? null
  const says = providerMessage === null ? "" : `: ${providerMessage.replace(/[\s.]+$/, "")}`
  const reason = problem.reason ?? reasonOf(status)
  const retryAfterMs = retryAfterOf(response.headers["retry-after"], now)
  const wait = retryAfterMs === null ? "" : `, and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`
  const hint =
    reason === "NotFound" && operation === "list"
      ? `Check the base URL: ${connection.baseUrl}${spec.path} was asked.`
      : problem.hint
  return {
    reason,
    message: `${connection.title} answered ${spec.method} ${spec.path} with ${status}${says}${wait}.`,
    operation,
    status,
    providerMessage,
    retryAfterMs,
    ...(hint === undefined ? {} : { hint }),
  }
}

const reasonOf = (status: number): AdapterErrorReason => {
  if (status === 401) return "Authentication"
  if (status === 403) return "Permission"
  if (status === 404 || status === 410) return "NotFound"
  if (status === 408) return "Timeout"
  if (status === 413) return "TooLarge"
  if (status === 425 || status === 429) return "RateLimited"
  if (status >= 500) return "Unavailable"
  if (status >= 400) return "InvalidQuery"
  return "Decode"
}

/** Retry-After in either of its forms, seconds or a date, as milliseconds from now. */
const retryAfterOf = (value: string | undefined, now: number): number | null => {
  if (value === undefined) return null
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
