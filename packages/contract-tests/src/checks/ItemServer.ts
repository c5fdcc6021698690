import {
  type Client,
  createClient,
  type Execution,
  type Json,
  type JsonObject,
  type LogPage,
  type LogQuery,
  type Warning,
} from "@execlog/core"
import { type Connection, isJsonObject, parseJson } from "@execlog/core/adapter"
import { type Fixture, listQueryOf } from "../kit/Fixture.js"
import { ownExchanges, withMadeUpIds, withoutJoins } from "../kit/JoinExchanges.js"
import { isArray, isObject } from "../kit/JsonPath.js"
import type { ListEndpoint } from "../kit/ListEndpoint.js"
import { parametersOf } from "../kit/RequestParameters.js"
import { atInstant } from "../kit/StandingClock.js"
import { connectionName, type Subject } from "../kit/Subject.js"
import { shownEndpoints } from "./Coverage.js"

/** A request for a page, read by the item server. */
interface ItemRequest {
  readonly parameters: JsonObject
  /** How many items are requested. */
  readonly size: number
  /** The items of the response. */
  readonly items: ReadonlyArray<Json>
}

/** The status of a rejected request; null to answer it. */
type Rejection = (request: ItemRequest) => number | null

/**
 * A server that serves the items of a fixture in pages of any size. It knows only their order and the
 * names of the paging parameters, and rejects the requests that a check chooses.
 */
export interface ItemServer {
  readonly endpoint: ListEndpoint
  readonly route: string
  /** The items of the fixture, in list order. */
  readonly items: ReadonlyArray<Json>
  /** The part of a query that selects the endpoint. */
  readonly base: LogQuery
  readonly now: string
  readonly client: (options?: ServedItems) => Client
  /** All executions that a query returns. */
  readonly read: (query: LogQuery, options?: ServedItems) => Promise<ReadItems>
}

/** How the server differs from the fixture. */
export interface ServedItems {
  readonly items?: ReadonlyArray<Json>
  readonly reject?: Rejection
  /** Applies the server's own filters. */
  readonly filter?: (items: ReadonlyArray<Json>, parameters: JsonObject) => ReadonlyArray<Json>
  readonly now?: string
}

/** The result of a walk over such a server. */
export interface ReadItems {
  readonly executions: ReadonlyArray<Execution>
  readonly rejected: LogPage["rejected"]
  readonly warnings: ReadonlyArray<Warning>
}

/** A server for each list endpoint with a walk among its fixtures. */
export const itemServers = (subject: Subject): ReadonlyArray<ItemServer> =>
  shownEndpoints(subject).flatMap(({ endpoint, fixtures, base }) => {
    const [longest] = fixtures
      .filter((fixture) => (listQueryOf(fixture)?.order ?? "newest") === "newest")
      .map((fixture) => ({ fixture, items: itemsOf(subject, endpoint, fixture) }))
      .toSorted((one, other) => other.items.length - one.items.length)
    if (longest === undefined || longest.items.length === 0) return []
    const { fixture, items } = longest
    return [serverOf(subject.connection(fixture), endpoint.name, items, base, fixture.now)]
  })

const serverOf = (
  connection: Connection,
  name: string,
  items: ReadonlyArray<Json>,
  base: LogQuery,
  now: string,
): ItemServer => {
  const bare = withMadeUpIds(withoutJoins(connection))
  const served: Connection = {
    ...bare,
    list: bare.list.name === name ? readingItems(bare.list) : bare.list,
    detail:
      bare.detail?.name === name
        ? { ...readingItems(bare.detail), when: bare.detail.when }
        : bare.detail,
  }
  const endpoint = served.detail?.name === name ? served.detail : served.list
  const client = (options: ServedItems = {}): Client =>
    createClient(served, {
      name: connectionName,
      transport: { retries: 0 },
      fetch: answering(endpoint, { ...options, items: options.items ?? items }),
    })
  return {
    endpoint,
    route: endpoint.route,
    items,
    base,
    now,
    client,
    read: (query, options = {}) =>
      atInstant(options.now ?? now, async () => {
        const pages: Array<LogPage> = []
        for await (const page of client(options).pages({ ...base, planned: true, ...query }))
          pages.push(page)
        return {
          executions: pages.flatMap((page) => page.executions),
          rejected: pages.flatMap((page) => page.rejected),
          warnings: pages.flatMap((page) => page.warnings),
        }
      }),
  }
}

/** The items of all pages of a fixture, each once. */
const itemsOf = (
  subject: Subject,
  endpoint: ListEndpoint,
  fixture: Fixture,
): ReadonlyArray<Json> => {
  const distinct = new Map<string, Json>()
  for (const { status, response } of ownExchanges(subject.connection(fixture), fixture.exchanges)) {
    const page = status === 200 ? endpoint.page(response ?? null) : null
    if (page === null || !page.ok) continue
    // Parts of a JSON response.
    for (const item of page.value.items as ReadonlyArray<Json>) {
      const decoded = endpoint.item(item)
      // An execution may have several events, but a row that was read twice is one item.
      const isRow = decoded.ok && endpoint.fold === null
      distinct.set(isRow ? decoded.id : JSON.stringify(item), item)
    }
  }
  const placed = [...distinct.values()].flatMap((item) => {
    const decoded = endpoint.item(item)
    return decoded.ok ? [{ item, at: decoded.at }] : []
  })
  return placed.toSorted((one, other) => other.at - one.at).map(({ item }) => item)
}

/** The endpoint, changed to walk by pages: the server has no filters of time. */
const readingItems = (endpoint: ListEndpoint): ListEndpoint => ({
  ...endpoint,
  pagination:
    endpoint.pagination.style === "cursor"
      ? { ...endpoint.pagination, resized: undefined }
      : endpoint.pagination,
  time: { ...endpoint.time, before: null, after: null, withoutPlanned: null, walk: "pages" },
  // `answering` returns JSON.
  page: (body) => {
    const { items, more, total, next } = isObject(body) ? body : {}
    return {
      ok: true,
      value: {
        items: isArray(items) ? items : [],
        more: typeof more === "boolean" ? more : null,
        total: typeof total === "number" ? total : null,
        next: typeof next === "string" ? next : null,
      },
    }
  },
})

const answering =
  (
    endpoint: ListEndpoint,
    { items, reject, filter }: ServedItems & { readonly items: ReadonlyArray<Json> },
  ): typeof globalThis.fetch =>
  async (input, init) => {
    const url = new URL(String(input))
    const body = typeof init?.body === "string" ? init.body : ""
    const parameters = parametersOf({ url: url.href, body })
    const { pagination } = endpoint
    const listed = filter?.(items, parameters) ?? items
    const size = pagination.size === null ? listed.length : Number(parameters[pagination.size])
    const begin = beginOf(endpoint, listed, parameters, url, size)
    const given = listed.slice(begin, begin + size)
    const status = reject?.({ parameters, size, items: given }) ?? null
    if (status !== null) return Response.json({ message: `rejected by the test` }, { status })
    const end = begin + given.length
    const more = end < listed.length
    if (!more) return Response.json({ items: given, more, total: listed.length })
    url.searchParams.set(placeName, String(end))
    const isNamed = pagination.style === "cursor"
    const next = isNamed ? btoa(JSON.stringify({ end })) : url.href
    const headers = pagination.style === "linkHeader" ? { link: `<${next}>; rel="next"` } : {}
    return Response.json({ items: given, more, total: listed.length, next }, { headers })
  }

const placeName = "execlog_place"

/** The index of the first requested item. */
const beginOf = (
  { pagination, item }: ListEndpoint,
  items: ReadonlyArray<Json>,
  parameters: JsonObject,
  url: URL,
  size: number,
): number => {
  switch (pagination.style) {
    case "pageNumber":
      return (Number(parameters[pagination.page] ?? pagination.first) - pagination.first) * size
    case "offset":
      return Number(parameters[pagination.offset] ?? 0)
    case "cursor": {
      const cursor = parameters[pagination.cursor]
      const held = typeof cursor === "string" ? parseJson(atob(cursor)) : undefined
      return isJsonObject(held) ? Number(held["end"]) : 0
    }
    case "lastItem": {
      const after = parameters[pagination.after]
      const place = items.findIndex((raw) => {
        const decoded = item(raw)
        return decoded.ok && decoded.id === after
      })
      return place + 1
    }
    case "nextUrl":
    case "linkHeader":
      return Number(url.searchParams.get(placeName) ?? 0)
    case "single":
      return 0
  }
}
