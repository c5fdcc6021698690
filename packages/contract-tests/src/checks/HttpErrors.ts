import { AdapterError, type AdapterErrorReason, type Json } from "@execlog/core"
import { parseJson } from "@execlog/core/adapter"
import type { AdapterCheck, FixtureCheck } from "../kit/Check.js"
import { ContractViolation, holds, shown } from "../kit/ContractViolation.js"
import { idOf, isErrorFixture, listQueryOf } from "../kit/Fixture.js"
import { ownExchanges } from "../kit/JoinExchanges.js"
import { isObject, valuesWithin } from "../kit/JsonPath.js"
import { connectionName, type Subject } from "../kit/Subject.js"
import { askWith, endpointsOf } from "./Endpoints.js"
import { errorOf } from "./ThrownError.js"

const reasons: { readonly [status: number]: AdapterErrorReason } = {
  400: "InvalidQuery",
  401: "Authentication",
  403: "Permission",
  404: "NotFound",
  408: "Timeout",
  413: "TooLarge",
  422: "InvalidQuery",
  429: "RateLimited",
  500: "Unavailable",
  502: "Unavailable",
  503: "Unavailable",
  504: "Unavailable",
}

const bodies = {
  "a JSON message": '{"message":"Something is wrong.","code":"something"}',
  "a JSON text": '"Something is wrong."',
  "a JSON array": "[]",
  null: "null",
  "a web page": "<!doctype html><title>Error</title>",
  nothing: "",
  "a message that is not text":
    '{"message":7,"error":{"message":[]},"detail":{},"problem":[],"code":true}',
} as const

/** Each HTTP status has one reason, whatever the body. */
export const httpErrors: AdapterCheck = {
  promise: "maps each HTTP error to an AdapterError of the right reason, whatever its body",
  appliesTo: () => true,
  run: async (subject) => {
    for (const endpoint of endpointsOf(subject)) {
      for (const [code, usual] of Object.entries(reasons)) {
        const status = Number(code)
        const reason = subject.options.reasons?.[status] ?? usual
        for (const [what, body] of Object.entries(bodies)) {
          assertProblem(subject, status, what, body)
          const error = await errorOf(() => askWith(subject, endpoint, { status, body }))
          if (error instanceof ContractViolation) throw error
          const place = `A ${status} with ${what} on ${endpoint.name}`
          holds(AdapterError.is(error) && error.reason === reason, () => ({
            found: `${place} gave ${shown(error)}.`,
            expected: `an AdapterError of the reason ${reason}`,
            why: "Retries, exit codes and alerts depend on the reason.",
          }))
          const isAttributed = error.status === status && error.provider === subject.adapter.id
          const named =
            error.connection === connectionName && error.operation === endpoint.operation
          holds(
            isAttributed && named && (error.hint?.text ?? "") !== "" && error.message !== "",
            () => ({
              found: `${place} gave ${shown(error)}.`,
              expected: `status ${status}, provider, connection, operation ${endpoint.operation}, a hint and a message`,
              why: "An error without its origin costs an hour of search.",
            }),
          )
        }
      }
    }
  },
}

/** `problem` returns text as the message, or nothing. */
const assertProblem = (subject: Subject, status: number, what: string, body: string): void => {
  const read = (): unknown => {
    try {
      return subject.connection().problem(status, parseJson(body) ?? null).message
    } catch (cause) {
      return cause
    }
  }
  const message = read()
  holds(message === undefined || typeof message === "string", () => ({
    found: `For a ${status} with ${what}, problem returns the message ${shown(message)}.`,
    expected: "text or undefined; decode the body by a Schema",
    why: "Proxies and gateways send error bodies of their own.",
  }))
}

/** The provider's request to wait is reported. */
export const retryAfter: AdapterCheck = {
  promise: "reports how long to wait when the provider says so",
  appliesTo: () => true,
  run: async (subject) => {
    for (const endpoint of endpointsOf(subject)) {
      const date = new Date(Math.floor(Date.parse(endpoint.fixture.now) / 1000) * 1000 + 30_000)
      const wait = date.getTime() - Date.parse(endpoint.fixture.now)
      for (const [value, expected] of [
        ["7", 7000],
        [date.toUTCString(), wait],
      ] as const) {
        const headers = ["content-type", "application/json", "retry-after", value]
        const error = await errorOf(() =>
          askWith(subject, endpoint, { status: 429, body: "{}", headers }),
        )
        holds(AdapterError.is(error) && error.retryAfterMs === expected, () => ({
          found: `A 429 with Retry-After: ${value} on ${endpoint.name} gave retryAfterMs ${AdapterError.is(error) ? error.retryAfterMs : shown(error)}.`,
          expected: String(expected),
          why: "Providers lock keys that retry too early.",
        }))
      }
    }
  },
}

/** A response that does not match the provider's documentation is `Decode`. */
export const brokenAnswers: AdapterCheck = {
  promise: "fails with Decode on a web page and on an empty, truncated or malformed response",
  appliesTo: () => true,
  run: async (subject) => {
    for (const endpoint of endpointsOf(subject)) {
      const good = endpoint.fixture.exchanges[0]?.response ?? null
      const broken = {
        "a web page": "<!doctype html><title>Sign in</title>",
        nothing: "",
        "half a response": JSON.stringify(good).slice(0, -3),
        "another shape": Array.isArray(good) ? "{}" : "[]",
        "a text": '"ok"',
        null: "null",
      }
      for (const [what, body] of Object.entries(broken)) {
        const error = await errorOf(() => askWith(subject, endpoint, { status: 200, body }))
        holds(AdapterError.is(error) && error.reason === "Decode", () => ({
          found: `A 200 with ${what} on ${endpoint.name} gave ${shown(error)}.`,
          expected: "an AdapterError of the reason Decode",
          why: "A proxy's sign-in page must not look like an empty log.",
        }))
      }
    }
  },
}

/** The provider's error responses are read. */
export const recordedErrors: FixtureCheck = {
  promise: "reads the provider's error response",
  appliesTo: (_subject, fixture) => isErrorFixture(fixture),
  run: async (subject, fixture) => {
    const id = idOf(fixture)
    const error = await errorOf(() =>
      subject.replay<unknown>(
        fixture,
        (client) => (id === null ? client.page(listQueryOf(fixture) ?? {}) : client.get(id)),
        { repeatsLast: true },
      ),
    )
    if (error instanceof ContractViolation) throw error
    const { reason, status, providerMessage } = fixture.expect ?? {}
    holds(
      AdapterError.is(error) &&
        error.reason === reason &&
        (status === undefined || error.status === status) &&
        (providerMessage === undefined || error.providerMessage === providerMessage),
      () => ({
        found: `${fixture.name}.json gave ${shown(error)}.`,
        expected: shown(fixture.expect),
        why: "Users need the provider's own message.",
      }),
    )
    const answer = ownExchanges(subject.connection(fixture), fixture.exchanges).at(-1)
    const body = answer?.response ?? null
    // A missing execution may be reported by a success without a message.
    const said = (answer?.status ?? 0) >= 400 && isObject(body) ? textsWithin(body) : []
    const isHeard = said.length === 0 || error.providerMessage !== null
    holds(isHeard, () => ({
      found: `${fixture.name}.json: the provider says ${said.slice(0, 3).map(shown).join(", ")}, but providerMessage is null.`,
      expected: "problem to return the provider's message",
      why: "Users need the provider's own message.",
    }))
  },
}

/** The sentences in a response: texts of more than one word. */
const textsWithin = (answer: Json): ReadonlyArray<string> =>
  [...valuesWithin(answer)].flatMap(({ value }) =>
    typeof value === "string" && value.trim().includes(" ") ? [value] : [],
  )
