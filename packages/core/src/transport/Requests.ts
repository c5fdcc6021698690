import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { Connection, ProviderProblem } from "../adapter/Connection.js"
import { AdapterError, type AdapterErrorFields, errorWith } from "../model/AdapterError.js"
import { durationText } from "../model/DurationText.js"
import { parseJson } from "../model/Json.js"
import { makeRedactor } from "../model/Redaction.js"
import { explainBody, explainStatus, readProblem } from "./Answers.js"
import { AnswerShare } from "./AnswerShare.js"
import { excessOf } from "./BodySize.js"
import {
  Deadline,
  type DeadlineState,
  deadlineIn,
  monotonicMilliseconds,
  outlastsDeadline,
} from "./Deadline.js"
import { makeExchange } from "./Exchange.js"
import { makePace } from "./Pace.js"
import { type PageRequest, endpointOf } from "./SentRequest.js"
import type { TransportResponse, TransportService } from "./Transport.js"
import type { CheckedTransportSettings } from "./TransportSettings.js"
import { checkHeaders } from "./UserHeaders.js"

/** A response with a JSON body. */
interface Answered {
  /** The body as `JSON.parse` returned it. */
  readonly body: unknown
  readonly headers: () => TransportResponse["headers"]
}

/** Sends the requests of one connection: with its key and pace, with retries and a deadline. */
export interface Requests {
  /** The provider's name for people. */
  readonly title: string
  /** With `isTrial`, a server error is not retried. */
  readonly send: (
    spec: PageRequest,
    operation: string,
    isTrial?: boolean,
  ) => Effect.Effect<Answered, AdapterError, Deadline>
  /** Creates an error of this connection, without secrets. */
  readonly fail: (fields: AdapterErrorFields) => AdapterError
  /**
   * Removes secrets from a text that may quote the provider, and cuts it to a reasonable length.
   */
  readonly clean: (text: string) => string
  /** Whether a text contains a secret of the connection. */
  readonly holdsSecret: (text: string) => boolean
  /** The problem that the body of an error response reports. */
  readonly problem: (status: number, body: unknown) => ProviderProblem
  /** Sets a deadline for all requests of one page or one `get`, including retries and waits. */
  readonly withDeadline: <A, R>(
    effect: Effect.Effect<A, AdapterError, R>,
  ) => Effect.Effect<A, AdapterError, Exclude<R, Deadline>>
}

const retryableStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Creates the requests of a connection. `transport` replaces that of the environment. Throws
 * `InvalidSettings` for a header that cannot be set.
 */
export const makeRequests = (
  connection: Connection,
  name: string | null,
  settings: CheckedTransportSettings,
  transport: TransportService | null = null,
): Requests => {
  const own = checkHeaders(connection, settings.headers)
  const redactor = makeRedactor([...connection.secrets(), ...own.secrets])
  const pace = makePace(settings)
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

  const exchange = makeExchange({ connection, own, mostBytes, fail, transport })

  const attempt = Effect.fnUntraced(function* (
    spec: PageRequest,
    operation: string,
    onSent: () => void,
  ) {
    const deadline = yield* Deadline
    deadline.lastRequest = endpointOf(spec)
    const pause = yield* pace.remainingPause
    if (pause > 0 && (yield* outlastsDeadline(pause))) {
      const until = minuteAfter((yield* Clock.currentTimeMillis) + pause)
      return yield* fail({
        reason: "RateLimited",
        message: `${connection.title} asked to wait, so ${endpointOf(spec)} is not sent before ${until}.`,
        operation,
        retryAfterMs: pause,
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
              message: `${connection.title} did not answer ${endpointOf(spec)} within ${durationText(settings.timeoutMs)}.`,
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
          message: `${connection.title} sent too large a response to ${endpointOf(spec)}: ${excess}.`,
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
      yield* pace.pause(error.retryAfterMs ?? 1000)
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

  // A wait beyond the deadline is left to the caller; the error reports how long.
  const isWorthRetrying = (
    error: AdapterError,
  ): boolean | Effect.Effect<boolean, never, Deadline> =>
    isPassing(error) &&
    (error.retryAfterMs === null ||
      Effect.map(outlastsDeadline(error.retryAfterMs), (isTooLong) => !isTooLong))

  const outlasted = (
    operation: string,
    { lastRequest, failure }: DeadlineState,
    attempts: number,
  ): AdapterError => {
    const what = operation === "get" ? "execution" : "page"
    return fail({
      reason: "Timeout",
      message:
        `${connection.title} returned no ${what}${lastRequest === null ? "" : ` for ${lastRequest}`} within ${durationText(settings.deadlineMs)}, retries included.` +
        (failure === null ? "" : ` The last failure: ${failure.message}`),
      operation,
      status: failure?.status ?? null,
      providerMessage: failure?.providerMessage ?? null,
      requestId: failure?.requestId ?? null,
      attempts,
    })
  }

  const send = Effect.fnUntraced(function* (spec: PageRequest, operation: string, isTrial = false) {
    const deadline = yield* Deadline
    let attempts = 0
    const request = attempt(spec, operation, () => {
      attempts += 1
    }).pipe(Effect.mapError((error) => errorWith(error, { attempts })))
    let failed: AdapterError | null = null
    // Nearly every request starts at once and ends within its own timeout: only requests that wait,
    // are retried or start late need a second timer.
    if (deadline.endsAt - (yield* monotonicMilliseconds) > settings.timeoutMs) {
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
        duration: Math.max(0, deadline.endsAt - (yield* monotonicMilliseconds)),
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

/** Rounded up to the minute, so that a repeated message stays the same. */
const minuteAfter = (instant: number): string =>
  `${new Date(Math.ceil(instant / 60_000) * 60_000).toISOString().slice(0, 16)}Z`

/** Whether the server failed without saying when to retry. */
export const isServerFault = ({ reason, retryAfterMs }: AdapterError): boolean =>
  reason === "Unavailable" && retryAfterMs === null

/** Whether a failure may be temporary. */
const isPassing = (error: AdapterError): boolean =>
  error.reason === "Timeout" ||
  (error.reason === "Transport" && error.status === null) ||
  (error.status !== null && retryableStatuses.has(error.status)) ||
  isForbiddenForNow(error)

/** Whether a 403 means too many requests, according to its headers. */
const isForbiddenForNow = ({ reason, status }: AdapterError): boolean =>
  reason === "RateLimited" && status === 403
