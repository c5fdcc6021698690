import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { AdapterError, type AdapterErrorFields, errorWith } from "../model/AdapterError.js"
import { explainBody, explainStatus, readProblem } from "./Answers.js"
import { AnswerShare } from "./AnswerShare.js"
import { excessOf } from "./BodySize.js"
import type { Connection, ProviderProblem } from "../adapter/Connection.js"
import {
  Deadline,
  type DeadlineState,
  deadlineIn,
  elapsedMillis,
  outlastsDeadline,
} from "./Deadline.js"
import { parseJson } from "../model/Json.js"
import { checkHeaders, headerInBoth } from "./OwnHeaders.js"
import { makePace } from "./Pace.js"
import { makeRedactor } from "../model/Redaction.js"
import {
  type Asked,
  askedOf,
  buildRequest,
  redirectOf,
  redirected,
  targetOf,
} from "./SentRequest.js"
import { Transport, type TransportResponse } from "./Transport.js"
import type { CheckedTransportSettings } from "./TransportSettings.js"

/** An answer that is JSON. */
interface Answered {
  /** The body as `JSON.parse` gave it. */
  readonly body: unknown
  readonly headers: () => TransportResponse["headers"]
}

/** Sends the requests of one connection: with its key, in its pace, with retries, and in time. */
export interface Requests {
  /** The provider's name for people. */
  readonly title: string
  /** `isTrial`: what the server fails on is not asked for again. */
  readonly send: (
    asked: Asked,
    operation: string,
    isTrial?: boolean,
  ) => Effect.Effect<Answered, AdapterError, Deadline>
  /** An error of this connection, free of secrets. */
  readonly fail: (fields: AdapterErrorFields) => AdapterError
  /** A text that may quote the provider, free of secrets and of a sane length. */
  readonly clean: (text: string) => string
  /** Whether a text holds a secret of the connection. */
  readonly holdsSecret: (text: string) => boolean
  /** What the provider's body says is wrong, where it says so at all. */
  readonly problem: (status: number, body: unknown) => ProviderProblem
  /** Bounds the requests of one page or one `get` together, retries and waiting included. */
  readonly withDeadline: <A, R>(
    effect: Effect.Effect<A, AdapterError, R>,
  ) => Effect.Effect<A, AdapterError, Exclude<R, Deadline>>
}

const retryableStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])
const mostRedirects = 5

/** The sender of a connection's requests. Throws `InvalidSettings`, which names the header. */
export const makeRequests = (
  connection: Connection,
  name: string | null,
  settings: CheckedTransportSettings,
): Requests => {
  const own = checkHeaders(connection, settings.headers)
  const redactor = makeRedactor([...connection.secrets(), ...own.secrets])
  const pace = makePace(settings)
  const { origin } = new URL(connection.baseUrl)
  const mostBytes = Effect.map(AnswerShare, (share) => Math.ceil(settings.maxBodyBytes * share))

  const fail = (fields: AdapterErrorFields): AdapterError => {
    const clean = (text: string | null | undefined) =>
      text === null || text === undefined ? null : redactor.text(text)
    const { hint } = fields
    return new AdapterError({
      ...fields,
      provider: fields.provider ?? connection.provider,
      connection: fields.connection ?? name,
      message: redactor.text(fields.message),
      providerMessage: clean(fields.providerMessage),
      requestId: clean(fields.requestId),
      ...(typeof hint === "object" && hint !== null
        ? { hint: { ...hint, text: redactor.text(hint.text) } }
        : {}),
    })
  }

  const exchange = Effect.fnUntraced(function* (spec: Asked, operation: string) {
    const transport = yield* Transport
    const { title } = connection
    const asked = askedOf(spec)
    if (spec.path.split("/").some((segment) => segment === "." || segment === "..")) {
      return yield* fail({
        reason: "InvalidQuery",
        message: `"." and ".." are not ids: ${title} would be asked for another path than ${spec.path}.`,
        operation,
      })
    }
    const twice = headerInBoth(own, spec)
    if (twice !== undefined) {
      return yield* fail({
        reason: "InvalidSettings",
        message: `The header "${twice}" cannot be set: ${asked} has its own.`,
        operation,
        subject: { kind: "header", name: twice },
        hint: {
          code: "correct_setting",
          text: `Leave it out of the headers; ${connection.provider} may have a setting for it.`,
        },
      })
    }
    let request = buildRequest(connection, spec, own, yield* mostBytes)
    const next = spec.url === undefined ? null : targetOf(spec.url, request.url)
    if (spec.url !== undefined && next?.origin !== origin) {
      return yield* fail({
        reason: "Transport",
        message: `${title} at ${origin} names a next page of ${asked} at another origin (${next?.origin ?? spec.url}); the key is not sent there.`,
        operation,
        hint: "move_base_url",
      })
    }
    if (next !== null) request = { ...request, url: next.href }
    for (let hops = 0; hops <= mostRedirects; hops++) {
      const response = yield* transport.exchange(request).pipe(
        Effect.mapError(({ kind, message }) =>
          kind === "too_large"
            ? fail({
                reason: "TooLarge",
                message: `${title} sent too large a response to ${asked}: ${message}.`,
                operation,
              })
            : fail({
                reason: "Transport",
                message: `${title} gave no answer to ${asked} at ${origin}: ${message}.`,
                operation,
              }),
        ),
      )
      const location = redirectOf(response)
      if (location === null) return response
      const target = targetOf(location, request.url)
      if (target === null || target.origin !== origin) {
        return yield* fail({
          reason: "Transport",
          message: `${title} at ${origin} redirects ${asked} to another origin (${target?.origin ?? location}); the key is not sent there.`,
          operation,
          status: response.status,
          hint: "move_base_url",
        })
      }
      request = redirected(request, response.status, target.href)
    }
    return yield* fail({
      reason: "Transport",
      message: `${title} at ${origin} redirects ${asked} in a circle.`,
      operation,
      status: 302,
    })
  })

  const attempt = Effect.fnUntraced(function* (spec: Asked, operation: string, onSent: () => void) {
    const deadline = yield* Deadline
    deadline.asked = askedOf(spec)
    const held = yield* pace.heldFor
    if (held > 0 && (yield* outlastsDeadline(held))) {
      const until = minuteAfter((yield* Clock.currentTimeMillis) + held)
      return yield* fail({
        reason: "RateLimited",
        message: `${connection.title} asked to wait, so ${askedOf(spec)} is not sent before ${until}.`,
        operation,
        retryAfterMs: held,
      })
    }
    onSent()
    const response = yield* exchange(spec, operation).pipe(
      Effect.timeoutOrElse({
        duration: settings.timeoutMs,
        orElse: () =>
          Effect.fail(
            fail({
              reason: "Timeout",
              message: `${connection.title} did not answer ${askedOf(spec)} within ${settings.timeoutMs} ms.`,
              operation,
            }),
          ),
      }),
    )
    if (response.status >= 200 && response.status < 300) {
      yield* pace.ease
      const excess = excessOf(response.body, yield* mostBytes)
      if (excess !== null) {
        return yield* fail({
          reason: "TooLarge",
          message: `${connection.title} sent too large a response to ${askedOf(spec)}: ${excess}.`,
          operation,
          status: response.status,
        })
      }
      const body = parseJson(response.body)
      if (body !== undefined) return { body, headers: () => response.headers }
      return yield* fail({
        reason: "Decode",
        ...explainBody(connection, spec, response),
        operation,
        status: response.status,
      })
    }
    const now = yield* Clock.currentTimeMillis
    const error = fail(explainStatus(connection, spec, response, now, operation))
    if (response.status === 429 || isForbiddenForNow(error)) {
      yield* pace.hold(error.retryAfterMs ?? 1000)
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
  const isWorthRetrying = (
    error: AdapterError,
  ): boolean | Effect.Effect<boolean, never, Deadline> =>
    isPassing(error) &&
    (error.retryAfterMs === null ||
      Effect.map(outlastsDeadline(error.retryAfterMs), (isTooLong) => !isTooLong))

  const outlasted = (
    operation: string,
    { asked, failure }: DeadlineState,
    attempts: number,
  ): AdapterError => {
    const what = operation === "get" ? "execution" : "page"
    return fail({
      reason: "Timeout",
      message:
        `${connection.title} gave no ${what}${asked === null ? "" : ` to ${asked}`} within ${settings.deadlineMs} ms, retries included.` +
        (failure === null ? "" : ` The last failure: ${failure.message}`),
      operation,
      status: failure?.status ?? null,
      providerMessage: failure?.providerMessage ?? null,
      requestId: failure?.requestId ?? null,
      attempts,
    })
  }

  const send = Effect.fnUntraced(function* (spec: Asked, operation: string, isTrial = false) {
    const deadline = yield* Deadline
    let attempts = 0
    const request = attempt(spec, operation, () => {
      attempts += 1
    }).pipe(Effect.mapError((error) => errorWith(error, { attempts })))
    let failed: AdapterError | null = null
    // Nearly every request starts at once and is answered, and has a timeout of its own: the price
    // of a second timer is left to those that wait, are tried again, or come late.
    if (deadline.endsAt - (yield* elapsedMillis) > settings.timeoutMs) {
      const answer = yield* pace.takeNow(request).pipe(
        Effect.catch((error) => {
          failed = error
          return Effect.succeedNone
        }),
      )
      if (Option.isSome(answer)) return answer.value
    }
    const tried = Effect.suspend(() => {
      const error = failed
      failed = null
      return error === null ? pace.take(request) : Effect.fail(error)
    })
    return yield* tried.pipe(
      Effect.tapError((error) =>
        Effect.sync(() => {
          deadline.failure = error
        }),
      ),
      Effect.retry({
        schedule: retrySchedule,
        times: settings.retries,
        while: (error) => !(isTrial && isServerFault(error)) && isWorthRetrying(error),
      }),
      Effect.timeoutOrElse({
        duration: Math.max(0, deadline.endsAt - (yield* elapsedMillis)),
        orElse: () => Effect.fail(outlasted(operation, deadline, attempts)),
      }),
    )
  })

  return {
    title: connection.title,
    fail,
    clean: redactor.text,
    holdsSecret: redactor.holds,
    problem: (status, body) => readProblem(connection, status, body),
    send,
    withDeadline: (effect) =>
      Effect.flatMap(deadlineIn(settings.deadlineMs), (deadline) =>
        Effect.provideService(effect, Deadline, deadline),
      ),
  }
}

/** To the minute, so that what is told again while it lasts is the same. */
const minuteAfter = (instant: number): string =>
  `${new Date(Math.ceil(instant / 60_000) * 60_000).toISOString().slice(0, 16)}Z`

/** Whether the server failed on what it was asked, and does not say that it will be better later. */
export const isServerFault = ({ reason, retryAfterMs }: AdapterError): boolean =>
  reason === "Unavailable" && retryAfterMs === null

/** Whether a failure may pass by itself. */
const isPassing = (error: AdapterError): boolean =>
  error.reason === "Timeout" ||
  (error.reason === "Transport" && error.status === null) ||
  (error.status !== null && retryableStatuses.has(error.status)) ||
  isForbiddenForNow(error)

/** A 403 that says with its headers that it was too many requests. */
const isForbiddenForNow = ({ reason, status }: AdapterError): boolean =>
  reason === "RateLimited" && status === 403
