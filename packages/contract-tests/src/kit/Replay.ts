import type { Json } from "@execlog/core"
import { parseJson } from "@execlog/core/adapter"
import nock from "nock"
import { ContractViolation, shown } from "./ContractViolation.js"
import { differenceOf } from "./Difference.js"
import type { Exchange } from "./Fixture.js"
import { type ParameterizedRequest, parametersOf } from "./RequestParameters.js"
import { atInstant } from "./StandingClock.js"

/** How to replay exchanges. */
export interface ReplayOptions {
  /** The name of the fixture. */
  readonly name: string
  readonly exchanges: ReadonlyArray<Exchange>
  /** The time of the clock during the replay. */
  readonly now: string
  /** The origin whose every request gets the responses in order; null if requests must match. */
  readonly anyAt: string | null
  /** The secrets that the fixture shows as REDACTED. */
  readonly secrets: ReadonlyArray<string>
  /** Whether the last response is repeated for further requests of its route, as after an error. */
  readonly repeatsLast?: boolean
  /** Whether responses may remain unused, as by the rest of a walk. */
  readonly partly?: boolean
  /** Whether an exchange answers any number of requests, as one that a resumed walk repeats. */
  readonly isRepeated?: (exchange: Exchange) => boolean
}

/**
 * Runs a function whose requests are answered by the exchanges, each once, without network access. Throws
 * a ContractViolation for a request without an exchange, and, at the end, for an unused exchange.
 */
export const replay = async <A>(options: ReplayOptions, use: () => Promise<A>): Promise<A> => {
  const strangers: Array<Stranger> = []
  const onStranger = (request: Request) => {
    strangers.push({
      method: request.method,
      url: request.url,
      body: request.clone().text(),
    })
  }
  if (!nock.isActive()) nock.activate()
  nock.cleanAll()
  nock.disableNetConnect()
  nock.emitter.on("no match", onStranger)
  const scopes = options.exchanges.map((exchange) => define(exchange, options))
  for (const exchange of options.exchanges.filter((one) => isTried(one, options))) {
    defineTrials(exchange, options)
  }
  if (options.repeatsLast === true) repeatLast(options)
  const unused = () => options.exchanges.filter((_, index) => scopes[index]?.isDone() === false)
  try {
    const value = await atInstant(options.now, use)
    await failOnStrangers(options.name, strangers, unused())
    const left = options.partly === true ? [] : unused()
    if (left.length > 0) {
      throw new ContractViolation({
        found: `${options.name}.json: the adapter ended before it requested ${left.slice(0, 3).map(describe).join(", ")}${left.length > 3 ? `, and ${left.length - 3} more` : ""}.`,
        expected:
          "every exchange of the fixture to be used; does info report whether more follow, and time.at return the listing time in milliseconds?",
        why: "A walk that ends early silently loses executions.",
      })
    }
    return value
  } catch (error) {
    if (!(error instanceof ContractViolation))
      await failOnStrangers(options.name, strangers, unused(), error)
    throw error
  } finally {
    nock.emitter.off("no match", onStranger)
    nock.cleanAll()
    nock.enableNetConnect()
    nock.restore()
  }
}

/** The violation of a request without an exchange. */
interface Stranger {
  readonly method: string
  readonly url: string
  readonly body: Promise<string>
}

const failOnStrangers = async (
  name: string,
  strangers: ReadonlyArray<Stranger>,
  unused: ReadonlyArray<Exchange>,
  cause?: unknown,
): Promise<void> => {
  const [stranger] = strangers
  if (stranger === undefined) return
  const asked = { url: stranger.url, body: await stranger.body }
  const own = (exchange: Exchange) =>
    exchange.method === stranger.method &&
    new URL(exchange.path, exchange.scope).pathname === new URL(stranger.url).pathname
  const answered = unused.find(own) ?? unused[0]
  throw new ContractViolation({
    found: `${name}.json does not answer the adapter's request: ${stranger.method} ${decodeURIComponent(stranger.url)}${bodyText(parseJson(asked.body) ?? asked.body)}.`,
    expected:
      answered === undefined
        ? "no further request: all exchanges are used; does info report the end of the list?"
        : `${describe(answered)}${parameterDifference(asked, answered)}${restOf(answered)}`,
    why: "The provider answers an unknown request wrongly, or not at all.",
    cause,
  })
}

const bodyText = (body: Json): string => (body === "" ? "" : `, with the body ${shown(body)}`)

/** The parameters that differ, and where inside; their order does not matter. */
const parameterDifference = (
  asked: ParameterizedRequest,
  { scope, path, body = "" }: Exchange,
): string => {
  const one = parametersOf(asked)
  const other = parametersOf({
    url: scope + path,
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
  const differences = [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) => {
    const [sent, due] = [one[name], other[name]]
    if (isPlain(sent) && isPlain(due)) {
      return sent === due ? [] : [`${name} is ${sent ?? "nothing"} instead of ${due ?? "nothing"}`]
    }
    const difference = differenceOf(sent, due, [name])
    return difference === "" ? [] : [difference]
  })
  return differences.length === 0 ? "" : `; ${differences.join(", ")}`
}

/** URL parameters are texts, shown verbatim. */
const isPlain = (value: Json | undefined): value is string | undefined =>
  value === undefined || typeof value === "string"

/** The other requirements on a request: its headers and its body. */
const restOf = (exchange: Exchange | undefined): string => {
  const headers = Object.entries(exchange?.reqheaders ?? {})
  const headerText = headers.map(([name, value]) => `${name}: ${value}`).join(", ")
  const body = exchange?.body === undefined ? "" : `, and the body ${shown(exchange.body)}`
  return headerText === "" ? body : `, with the headers ${headerText}${body}`
}

const describe = (exchange: Exchange | undefined): string =>
  exchange === undefined
    ? "nothing"
    : `${exchange.method} ${decodeURIComponent(exchange.scope + exchange.path)}`

const repeatLast = ({ exchanges, anyAt }: ReplayOptions): void => {
  const last = exchanges.at(-1)
  if (last === undefined) return
  const { pathname } = new URL(last.path, last.scope)
  const isOfRoute = (uri: string) =>
    anyAt !== null || new URL(uri, last.scope).pathname === pathname
  nock(new URL(anyAt ?? last.scope).origin)
    .persist()
    .intercept(isOfRoute, last.method)
    .reply(last.status, bodyOf(last), [...(last.rawHeaders ?? [])])
}

const bodyOf = ({ response }: Exchange): string =>
  (typeof response === "string" ? response : JSON.stringify(response)) ?? ""

const define = (exchange: Exchange, { anyAt, secrets, isRepeated }: ReplayOptions): nock.Scope => {
  const reqheaders = Object.fromEntries(
    Object.entries(exchange.reqheaders ?? {}).map(([name, value]) => [
      name,
      value.includes("REDACTED") ? (sent: string | null) => holdsSecret(sent, secrets) : value,
    ]),
  )
  const scope = anyAt === null ? nock(exchange.scope, { reqheaders }) : nock(new URL(anyAt).origin)
  if (isRepeated?.(exchange) === true) scope.persist()
  const interceptor =
    anyAt === null
      ? scope.intercept(exchange.path, exchange.method, requestBody(exchange))
      : scope.intercept(() => true, exchange.method)
  return interceptor.reply(exchange.status, bodyOf(exchange), [...(exchange.rawHeaders ?? [])])
}

/** Core retries rejected requests with fewer parameters; these fail as well. */
const isTried = ({ status }: Exchange, { anyAt }: ReplayOptions): boolean =>
  anyAt !== null || status === 400 || status === 422

const defineTrials = (
  { scope, path, method, status, response, rawHeaders = [] }: Exchange,
  { anyAt }: ReplayOptions,
): void => {
  const pathOf = (uri: string) => new URL(uri, scope).pathname
  nock(anyAt === null ? scope : new URL(anyAt).origin)
    .persist()
    .intercept((uri) => anyAt !== null || pathOf(uri) === pathOf(path), method)
    .reply(status, typeof response === "string" ? response : JSON.stringify(response), [
      ...rawHeaders,
    ])
}

// nock compares strings verbatim and objects by value.
const requestBody = ({ body }: Exchange): nock.RequestBodyMatcher | undefined =>
  typeof body === "string" || (typeof body === "object" && body !== null) ? body : undefined

/** The key may be plain, after a word such as `Bearer`, or in base64 with a user name. */
const holdsSecret = (sent: string | null, secrets: ReadonlyArray<string>): boolean =>
  sent !== null &&
  secrets.some((secret) =>
    [sent, ...sent.split(" ").map(fromBase64)].some((text) => text.includes(secret)),
  )

const fromBase64 = (text: string): string => Buffer.from(text, "base64").toString("utf8")
