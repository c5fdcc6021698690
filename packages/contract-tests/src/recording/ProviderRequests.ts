import { isDeepStrictEqual } from "node:util"
import {
  AdapterError,
  type Client,
  type ClientOptions,
  createClient,
  type Execution,
  type LogPage,
  type LogQuery,
} from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import { atInstant } from "../kit/StandingClock.js"
import type { Question } from "./Questions.js"
import { recordingFetch, type SeenExchange } from "./RecordingFetch.js"

/** The requests and responses of one fixture, as sent. */
export interface FixtureExchanges {
  readonly name: string
  readonly what: string
  readonly query: LogQuery | { readonly get: string }
  readonly exchanges: ReadonlyArray<SeenExchange>
  readonly isExcerpt: boolean
  readonly resumed: ReadonlyArray<{
    readonly after: number
    readonly exchanges: ReadonlyArray<SeenExchange>
  }>
  readonly executions: ReadonlyArray<Execution>
  /** The time to which the request refers; null if it has none. */
  readonly now: string | null
  readonly warnings: ReadonlyArray<string>
  /** The recorded error response. */
  readonly rejection: AdapterError | null
}

/** Sends requests to a provider and keeps the exchanges. */
export interface ProviderRequests {
  readonly list: (question: Question) => Promise<FixtureExchanges>
  readonly get: (name: string, what: string, id: string) => Promise<FixtureExchanges>
  /** Null if the provider does not return an error. */
  readonly rejection: (
    name: string,
    what: string,
    query: FixtureExchanges["query"],
    connection?: Connection,
  ) => Promise<FixtureExchanges | null>
}

// Longer walks are stored as excerpts: people read fixtures.
const mostRequests = 40

/** The fetch and the transport options of a recording. */
export interface ProviderRequestOptions extends Pick<ClientOptions, "transport"> {
  readonly fetch: typeof globalThis.fetch
  readonly signal?: AbortSignal | undefined
}

export const makeProviderRequests = (
  connection: Connection,
  { fetch, transport, signal }: ProviderRequestOptions,
): ProviderRequests => {
  const unrepeated = Object.assign({}, transport, { retries: 0 })
  const clientInto = (
    seen: Array<SeenExchange>,
    more: Partial<ClientOptions> = {},
    at = connection,
  ) => createClient(at, { transport, fetch: recordingFetch(fetch, seen), ...more })

  const list: ProviderRequests["list"] = async (question) => {
    // The planned bound depends on the clock, and the fixture is replayed at its own time.
    if (question.query.planned !== false) return listNow(question)
    const now = new Date().toISOString()
    return { ...(await atInstant(now, () => listNow(question))), now }
  }

  const listNow = async (question: Question): Promise<FixtureExchanges> => {
    const { name, what } = question
    const { query, exchanges, pages } = question.isExcerpt
      ? { query: question.query, exchanges: [], pages: null }
      : await walkWithoutWarnings(question.query)
    assertTaken(question, exchanges)
    if (pages !== null) {
      const executions = pages.flatMap((page) => page.executions)
      const resumed = question.resumes ? await goOn(query, pages) : []
      const warnings = pages.flatMap(warningsOf)
      return {
        name,
        what,
        query,
        exchanges,
        isExcerpt: false,
        resumed,
        executions,
        now: null,
        warnings,
        rejection: null,
      }
    }
    const first: Array<SeenExchange> = []
    const page = await clientInto(first).page(query, null, { signal })
    assertTaken(question, first)
    return {
      name,
      what,
      query,
      exchanges: first,
      isExcerpt: true,
      resumed: [],
      executions: page.executions,
      now: null,
      warnings: warningsOf(page),
      rejection: null,
    }
  }

  /** A walk to the end; null if it is too long. */
  const walk = async (client: Client, query: LogQuery): Promise<ReadonlyArray<LogPage> | null> => {
    const pages: Array<LogPage> = []
    for await (const page of client.pages(query, { signal })) {
      pages.push(page)
      if (pages.length >= mostRequests && page.next !== null) return null
    }
    return pages
  }

  /** Walks without warnings: a page too small for the executions of one instant warns, so it grows. */
  const walkWithoutWarnings = async (query: LogQuery) => {
    const most = clientInto([]).explain({ ...query, pageSize: undefined }).pageSize
    for (let { pageSize } = query; ;) {
      const asked = pageSize === undefined ? query : { ...query, pageSize }
      const exchanges: Array<SeenExchange> = []
      const pages = await walk(clientInto(exchanges), asked)
      const isClean = pages?.every(({ warnings }) => warnings.length === 0) ?? true
      // An ignored page size does not mean that pages are too small.
      const isHeeded = pages?.every(({ executions }) => executions.length <= (pageSize ?? most))
      if (isClean || isHeeded === false || pageSize === undefined || pageSize >= most) {
        return { query: asked, exchanges, pages }
      }
      pageSize = Math.min(most, pageSize * 2)
    }
  }

  const goOn = async (
    query: LogQuery,
    pages: ReadonlyArray<LogPage>,
  ): Promise<FixtureExchanges["resumed"]> => {
    const cursors: Array<string> = []
    const ids: Array<string> = []
    const quiet = { onRejected: () => {}, onWarning: () => {}, signal }
    for await (const { execution, cursor } of clientInto([]).entries(query, quiet)) {
      cursors.push(cursor())
      ids.push(execution.id)
    }
    // If the log changed in the meantime, the resumed walk is not the rest of the recorded one.
    const given = pages.flatMap(({ executions }) => executions.map(({ id }) => id))
    if (!isDeepStrictEqual(ids, given)) return []
    const resumed: Array<FixtureExchanges["resumed"][number]> = []
    for (const after of insidePages(pages.map(({ executions }) => executions.length))) {
      const exchanges: Array<SeenExchange> = []
      const rest: Array<string> = []
      const options = { ...quiet, cursor: cursors[after - 1] ?? null }
      for await (const { id } of clientInto(exchanges).executions(query, options)) rest.push(id)
      if (isDeepStrictEqual(rest, ids.slice(after))) resumed.push({ after, exchanges })
    }
    return resumed
  }

  return {
    list,
    get: async (name, what, id) => {
      const exchanges: Array<SeenExchange> = []
      const execution = await clientInto(exchanges).get(id, { signal })
      return {
        name,
        what,
        query: { get: id },
        exchanges,
        isExcerpt: false,
        resumed: [],
        executions: [execution],
        now: null,
        warnings: [],
        rejection: null,
      }
    },
    rejection: async (name, what, query, at = connection) => {
      const exchanges: Array<SeenExchange> = []
      // Errors are not retried: each exchange of a fixture answers one request.
      const client = clientInto(exchanges, { transport: unrepeated }, at)
      try {
        await ("get" in query
          ? client.get(query.get, { signal })
          : client.page(query, null, { signal }))
      } catch (error) {
        if (!AdapterError.is(error) || exchanges.length === 0) throw error
        const rest = { isExcerpt: false, resumed: [], executions: [], now: null, warnings: [] }
        return { name, what, query, exchanges, ...rest, rejection: error }
      }
      return null
    },
  }
}

/** A query that the server rejected, and core worked around, is not recorded. */
const assertTaken = ({ name, query }: Question, exchanges: ReadonlyArray<SeenExchange>): void => {
  const rejected = exchanges.find(({ status }) => status === 400 || status === 422)
  if (rejected === undefined) return
  throw new AdapterError({
    reason: "InvalidQuery",
    message: `${name}: the server rejects ${JSON.stringify(query)} with ${rejected.status}.`,
    operation: "list",
    status: rejected.status,
    hint: { code: "other", text: "Declare the filter as Filter.here, or a smaller maxPageSize." },
  })
}

const warningsOf = ({ warnings, rejected }: LogPage): ReadonlyArray<string> => [
  ...warnings.map(({ text }) => text),
  ...rejected.map(({ id, reason }) => `item ${id ?? "without id"} was rejected: ${reason}`),
]

/** The middles of the first, the third and the last page with several executions. */
const insidePages = (sizes: ReadonlyArray<number>): ReadonlyArray<number> => {
  const places: Array<number> = []
  let before = 0
  for (const size of sizes) {
    if (size > 1) places.push(before + Math.floor(size / 2))
    before += size
  }
  const chosen = [places[0], places[2], places.at(-1)].filter((place) => place !== undefined)
  return [...new Set(chosen)]
}
