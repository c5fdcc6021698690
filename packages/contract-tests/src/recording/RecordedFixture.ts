import type { AdapterError, Json, JsonObject } from "@execlog/core"
import { type Connection, parseJson } from "@execlog/core/adapter"
import type { Exchange } from "../kit/Fixture.js"
import type { Credentials } from "./Credentials.js"
import type { MaskCounts, Masking } from "./Masking.js"
import type { FixtureExchanges } from "./ProviderRequests.js"
import type { SeenExchange } from "./RecordingFetch.js"
import { type Suspicion, suspicionsOf } from "./Suspicion.js"

/** A recorded fixture. */
export interface RecordedFixture {
  /** The name of the file without `.json`. */
  readonly name: string
  readonly what: string
  /** The file's text. */
  readonly text: string
  /** The requests as the file shows them: `GET /v1/workflows/logs?page=1`. */
  readonly requests: ReadonlyArray<string>
  /** The number of its executions. */
  readonly executions: number
  /** The number of values replaced by made-up ones. */
  readonly masked: MaskCounts
  /** Suspected secrets and personal data. */
  readonly suspicions: ReadonlyArray<Suspicion>
}

/** The properties shared by all fixtures of a recording. */
export interface Provenance {
  readonly connection: Connection
  readonly now: Date
  readonly version: string | null
  readonly server: string | null
  readonly dataset: string | null
  readonly credentials: Credentials
  readonly masking: Masking
  readonly changed: string | null
}

// Headers that paging needs; all others are omitted.
const keptHeaders = ["content-type", "link", "location"]

/** Makes a fixture of recorded exchanges. */
export const recordedFixture = (
  recorded: FixtureExchanges,
  provenance: Provenance,
): RecordedFixture => {
  const { connection, now, version, server, dataset, credentials, masking, changed } = provenance
  const maskedBefore = masking.counts()
  const clean = (value: Json): Json => masking.json(credentials.json(value))
  const cleanText = (text: string): string => masking.text(credentials.text(text))
  const exchange = (seen: SeenExchange): Exchange => exchangeOf(seen, credentials, clean, cleanText)
  const settings = Object.fromEntries(
    Object.entries(connection.settings).filter(([, value]) => value !== null),
  )
  const exchanges = recorded.exchanges.map(exchange)
  const isListed = recorded.rejection === null && !recorded.isExcerpt
  const fixture = {
    provenance: {
      kind: "recorded",
      provider: connection.provider,
      ...(version === null ? {} : { version }),
      recordedAt: now.toISOString().slice(0, 10),
      ...(server === null ? {} : { server }),
      what: recorded.what,
      ...(changed === null ? {} : { changed }),
      ...(dataset === null || !isListed ? {} : { dataset }),
    },
    now: recorded.now ?? now.toISOString(),
    settings: clean(settings),
    query: clean(queryJson(recorded.query)),
    ...(recorded.rejection === null
      ? {}
      : { expect: expectationOf(recorded.rejection, cleanText) }),
    ...(recorded.isExcerpt ? { excerpt: true } : {}),
    exchanges,
    ...(recorded.resumed.length === 0
      ? {}
      : {
          resumed: recorded.resumed.map(({ after, exchanges: rest }) => ({
            after,
            exchanges: rest.map(exchange),
          })),
        }),
  }
  const text = `${JSON.stringify(fixture, null, 1)}\n`
  if (credentials.remainsIn(text)) {
    throw new Error(`The fixture ${recorded.name} still holds the key; it is not written.`)
  }
  return {
    name: recorded.name,
    what: recorded.what,
    text,
    requests: exchanges.map(({ method, path }) => `${method} ${path}`),
    executions: recorded.executions.length,
    masked: countsSince(maskedBefore, masking.counts()),
    // As the fixture will be read.
    suspicions: suspicionsOf(parseJson(text) ?? null),
  }
}

const countsSince = (before: MaskCounts, after: MaskCounts): MaskCounts => ({
  addresses: after.addresses - before.addresses,
  names: after.names - before.names,
  values: after.values - before.values,
  hosts: after.hosts - before.hosts,
})

const queryJson = (query: FixtureExchanges["query"]): JsonObject =>
  JSON.parse(JSON.stringify(query))

const expectationOf = (
  { reason, status, providerMessage }: AdapterError,
  cleanText: (text: string) => string,
): JsonObject => ({
  reason,
  ...(status === null ? {} : { status }),
  // A long message was cut before it was redacted, and would end elsewhere.
  ...(providerMessage === null || providerMessage.endsWith("…")
    ? {}
    : { providerMessage: cleanText(providerMessage) }),
})

const exchangeOf = (
  seen: SeenExchange,
  credentials: Credentials,
  clean: (value: Json) => Json,
  cleanText: (text: string) => string,
): Exchange => {
  const url = new URL(seen.url)
  const response = parseJson(seen.text)
  const headers = seen.answerHeaders.filter(([name]) => keptHeaders.includes(name.toLowerCase()))
  const body = seen.body === null ? null : (parseJson(seen.body) ?? seen.body)
  return {
    scope: cleanText(url.origin),
    method: seen.method,
    path: cleanPath(url, cleanText),
    reqheaders: credentials.requestHeaders(seen.headers),
    ...(body === null ? {} : { body: clean(body) }),
    status: seen.status,
    // A body that is not JSON stays text.
    response:
      response === undefined || typeof response === "string"
        ? cleanText(seen.text)
        : clean(response),
    rawHeaders: headers.flatMap(([name, value]) => [name, cleanText(value)]),
  }
}

/** The path and parameters, unchanged unless something in them was replaced. */
const cleanPath = (
  { pathname, search, searchParams }: URL,
  cleanText: (text: string) => string,
): string => {
  const segments = pathname.split("/").map((segment) => {
    const real = decodeURIComponent(segment)
    const cleaned = cleanText(real)
    return cleaned === real ? segment : encodeURIComponent(cleaned)
  })
  const parameters = [...searchParams].map(
    ([name, value]) => [name, value, cleanText(value)] as const,
  )
  const isChanged = parameters.some(([, value, cleaned]) => value !== cleaned)
  const written = new URLSearchParams(parameters.map(([name, , cleaned]) => [name, cleaned]))
  return segments.join("/") + (isChanged ? `?${written.toString()}` : search)
}
