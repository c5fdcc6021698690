import { inspect } from "node:util"
import { AdapterError, createClient, type Json } from "@execlog/core"
import * as Stream from "effect/Stream"
import type { AdapterCheck } from "../kit/Check.js"
import { holds } from "../kit/ContractViolation.js"
import { type Fixture, idOf, listQueryOf } from "../kit/Fixture.js"
import { isArray, isObject, valuesWithin, withValue } from "../kit/JsonPath.js"
import { type Call, hear } from "../kit/Listening.js"
import { recordingConsole } from "../kit/RecordedConsole.js"
import { samplesOf } from "../kit/Samples.js"
import { findLeak } from "../kit/SecretSearch.js"
import { connect, connectionName, type Subject } from "../kit/Subject.js"
import { type AskedEndpoint, endpointsOf } from "./Endpoints.js"
import { errorOf } from "./ThrownError.js"

/** The key is in requests and nowhere else. */
export const secretSafety: AdapterCheck = {
  promise: "shows the key in no output, error, log line, span, cursor, plan or printed connection",
  appliesTo: ({ secrets }) => secrets.length > 0,
  run: async (subject) => {
    const { said } = await recordingConsole(async () => {
      assertClean(subject, { "the connection": subject.connection() })
      for (const fixture of subject.fixtures) await answers(subject, fixture)
      for (const endpoint of endpointsOf(subject)) {
        await echoes(subject, endpoint)
        await echoesInItems(subject, endpoint)
        await brokenConnections(subject, endpoint)
      }
      await mixedUpSettings(subject)
    })
    assertClean(subject, { "the console": said })
  },
}

/** The results and plans of the fixtures. */
const answers = async (subject: Subject, fixture: Fixture): Promise<void> => {
  const { name } = fixture
  const query = listQueryOf(fixture)
  const heard = await subject
    .replay(fixture, () => hear(subject.connection(fixture), callOf(fixture)))
    .catch((error: unknown) => ({ error }))
  assertClean(subject, prefixed(`${name}: `, heard))
  if (query !== null) {
    assertClean(subject, { [`the plan of ${name}`]: subject.client(fixture).explain(query) })
  }
}

const callOf = (fixture: Fixture): Call => {
  const id = idOf(fixture)
  const query = listQueryOf(fixture) ?? {}
  if (id !== null) return ({ get }) => get(id)
  return fixture.excerpt === true
    ? ({ page }) => page(query)
    : ({ pages }) => Stream.runCollect(pages(query))
}

/** The key repeated: wherever a text is cut, at least half a key remains. */
const torrents = (key: string): ReadonlyArray<string> => {
  const torrent = `${key} `.repeat(Math.ceil(6000 / key.length))
  return [torrent, "x".repeat(key.length / 2) + torrent]
}

/** Servers and proxies repeat the key in bodies, headers and redirects. */
const echoes = async (subject: Subject, endpoint: AskedEndpoint): Promise<void> => {
  const all = subject.secrets.join(" ")
  const escaped = encodeURIComponent(all)
  const texts = [all, ...torrents(all), escaped, btoa(all), JSON.stringify({ all })]
  const bodies = [
    ...texts.map(complaint),
    ...texts.map((text) => JSON.stringify(text)),
    `<p>${all}`,
  ]
  const { origin } = new URL(subject.connection(endpoint.fixture).baseUrl)
  const headers = { "x-echo": escaped, "set-cookie": `key=${escaped}`, "www-authenticate": escaped }
  const answered: ReadonlyArray<{
    readonly status: number
    readonly body: string
    readonly headers?: { readonly [name: string]: string }
  }> = [
    ...[200, 400, 401, 500].flatMap((status) => bodies.map((body) => ({ status, body }))),
    { status: 200, body: all, headers: { "content-type": `text/${escaped}` } },
    { status: 429, body: "{}", headers: { "retry-after": all } },
    ...[
      `https://elsewhere.example.com/${escaped}?key=${escaped}#${escaped}`,
      `https://user:${escaped}@elsewhere.example.com/`,
      `http://[${all}`,
      `${origin}/elsewhere/${escaped}`,
    ].map((location) => ({ status: 307, body: all, headers: { location } })),
  ]
  for (const { status, body, ...own } of answered) {
    const type = { "content-type": "application/json" }
    await assertHeardClean(
      subject,
      endpoint,
      `a ${status} that repeats the key`,
      async () => new Response(body, { status, headers: { ...type, ...headers, ...own.headers } }),
    )
  }
}

/** A message in each field that providers use for theirs. */
const complaint = (text: string): string => {
  const names = ["message", "error", "detail", "problem", "title", "notifications", "data"]
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, text])))
}

/** Items that repeat the key in each field. Rejections have reasons. */
const echoesInItems = async (subject: Subject, endpoint: AskedEndpoint): Promise<void> => {
  const { fixture } = endpoint
  const all = subject.secrets.join(" ")
  const [body] = fixture.exchanges.map(({ response }) => response ?? null)
  if (body === undefined || (!isObject(body) && !isArray(body))) return
  const [item = body] = samplesOf(subject, fixture).items
  const places = [...valuesWithin(body)].filter(({ value }) => value === item)
  const [{ path } = { path: [] }] = places
  const echoing: ReadonlyArray<Json> = [all, ...torrents(all), { [all]: all }, [[all]]]
  for (const within of valuesWithin(item)) {
    for (const echo of echoing) {
      const changed = withValue(body, [...path, ...within.path], echo)
      await assertHeardClean(subject, endpoint, "an item that repeats the key", async () =>
        Response.json(changed),
      )
    }
  }
}

/** fetch may quote the request in its error. */
const brokenConnections = async (subject: Subject, endpoint: AskedEndpoint): Promise<void> => {
  const all = subject.secrets.join(" ")
  const thrown = [
    (sent: string) => new Error(`cannot send ${sent} ${all}`),
    (sent: string) => new TypeError("fetch failed", { cause: new Error(`${sent} ${all}`) }),
    (sent: string) =>
      new TypeError("fetch failed", { cause: new AggregateError([new Error(`${sent} ${all}`)]) }),
    (sent: string) => ({ sent, all }),
    (sent: string) => `${sent} ${all}`,
  ]
  for (const problem of thrown) {
    await assertHeardClean(subject, endpoint, "a broken connection", (_input, init) =>
      Promise.reject(problem(inspect(init))),
    )
  }
}

/** Any setting may contain the key by mistake. */
const mixedUpSettings = async (subject: Subject): Promise<void> => {
  const [secret = ""] = subject.secrets
  for (const { name, kind } of subject.adapter.settings) {
    if (kind === "secret") continue
    for (const wrong of [secret, { key: secret }, [secret], Symbol("no")]) {
      const settings = { ...subject.settings(), [name]: wrong }
      const error = await errorOf(() => connect(subject.adapter, settings))
      if (AdapterError.is(error))
        assertClean(subject, { [`the error over a wrong ${name}`]: error })
    }
  }
  const transport: object = { apiKey: secret, timeoutMs: secret }
  const error = await errorOf(() => createClient(subject.connection(), { transport }))
  assertClean(subject, { "the error over a wrong transport setting": error })
}

const assertHeardClean = async (
  subject: Subject,
  { name, fixture, call }: AskedEndpoint,
  what: string,
  fetch: typeof globalThis.fetch,
): Promise<void> => {
  const connection = subject.connection(fixture)
  const id = idOf(fixture)
  const query = listQueryOf(fixture) ?? {}
  const heard = await hear(
    connection,
    id === null ? ({ page }) => page(query) : ({ get }) => get(id),
    fetch,
  )
  const client = createClient(connection, {
    name: connectionName,
    transport: { retries: 0 },
    fetch,
  })
  const caught = await call(client).then(ours, (error: unknown) => error)
  const values = { ...heard, given: ours(heard.given), "the promise": caught }
  assertClean(subject, prefixed(`${name} over ${what}: `, values))
}

/** Without raw values, which are the provider's own: only messages must be clean. */
const ours = (given: unknown): unknown => {
  if (!isObject(given)) return null
  const { executions: _executions, rejected, ...page } = given
  const reasons = isArray(rejected)
    ? rejected.map((one) => (isObject(one) ? one["reason"] : one))
    : []
  return "rejected" in given ? { ...page, reasons } : null
}

const prefixed = (prefix: string, values: object): { readonly [what: string]: unknown } =>
  Object.fromEntries(Object.entries(values).map(([what, value]) => [`${prefix}${what}`, value]))

const assertClean = (subject: Subject, values: { readonly [what: string]: unknown }): void => {
  const leak = findLeak(values, subject.secrets)
  holds(leak === null, () => ({
    found: `The key is in ${leak?.what}: …${leak?.before}KEY…`,
    expected: "the key in the header of the request, and nowhere else",
    why: "Logs and bug reports reach people who must not have the key.",
  }))
}
