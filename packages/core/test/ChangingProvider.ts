import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Adapter, Auth, Filter, Pagination, Setting, Wire } from "../src/adapter.js"
import type { TransportService } from "../src/effect.js"
import type { JsonObject } from "../src/index.js"

/** An invented provider whose executions appear and change, with get. */
export interface ChangingRow {
  readonly number: number
  /** The listing time, in milliseconds. */
  readonly at: number
  readonly state: "new" | "going" | "ok" | "bad"
  readonly workflow?: string
  /** Whether it is planned for its time, and has not started. */
  readonly planned?: boolean
  /** When it started, if not at its listing time. */
  readonly started?: number
  /** Whether its item is unreadable. */
  readonly broken?: boolean
}

export interface ChangingServer {
  rows: ReadonlyArray<ChangingRow>
  clamp?: number
  /** The ids requested with get. */
  readonly got: Array<string>
  /** The requests for the list. */
  readonly asked: Array<URLSearchParams>
  /** Responds instead of the server, if it returns something. */
  intercept?: ((url: URL) => Answered | undefined) | undefined
}

const Row = Schema.Struct({
  number: Schema.Finite,
  at: Schema.Finite,
  state: Schema.String,
  workflow: Wire.maybe(Schema.String),
  planned: Wire.maybe(Schema.Boolean),
  started: Wire.maybe(Schema.Finite),
})

const mapped = (row: typeof Row.Type) => ({
  id: String(row.number),
  providerStatus: row.state,
  startedAt: row.planned === true ? null : new Date(row.started ?? row.at),
  finishedAt: row.state === "ok" || row.state === "bad" ? new Date(row.at + 1000) : null,
})

const common = {
  id: "changing",
  title: "Changing",
  settings: { apiKey: Setting.secret("The key") },
  baseUrl: () => "https://changing.example/api",
  auth: (config: { readonly apiKey: Parameters<typeof Auth.bearer>[0] }) =>
    Auth.bearer(config.apiKey),
  statuses: { new: "queued", going: "running", ok: "succeeded", bad: "failed" },
} as const

const list = {
  maxPageSize: 50,
  page: Schema.Struct({ rows: Schema.Array(Schema.Unknown), more: Schema.Boolean }),
  info: (page: { readonly rows: ReadonlyArray<unknown>; readonly more: boolean }) => ({
    items: page.rows,
    more: page.more,
  }),
  item: Row,
  itemId: (row: typeof Row.Type) => String(row.number),
  // Only the list has this.
  toExecution: (row: typeof Row.Type) => ({
    ...mapped(row),
    workflow: { id: row.workflow ?? null },
    attributes: { listed: true },
  }),
}

const get = {
  route: "GET /rows/{id}",
  gives: ["outputs"] as const,
  request: ({ id }: { readonly id: string }) => ({ method: "GET" as const, path: `/rows/${id}` }),
  item: Row,
  toExecution: (row: typeof Row.Type) => ({ ...mapped(row), outputs: { of: row.number } }),
}

const timed = {
  ...list,
  route: "GET /rows",
  pagination: Pagination.pageNumber({ page: "page", size: "size" }),
  request: ({ params }: { readonly params: JsonObject }) => ({
    method: "GET" as const,
    path: "/rows",
    query: params,
  }),
}

/** Lists by time, in windows. */
export const byTime = Adapter.make({
  ...common,
  list: {
    ...timed,
    time: {
      at: (row) => row.at,
      before: (instant: number) => ({ until: instant }),
      after: (instant: number) => ({ since: instant }),
      walk: "windows",
    },
    filters: () => ({
      workflowId: Filter.provider((workflow) => ({ workflow })),
      status: Filter.here,
    }),
  },
  get,
})

/** Lists by numbers, and running executions only when filtered by that status, like n8n. */
export const byNumber = Adapter.make({
  ...common,
  list: {
    ...list,
    route: "GET /numbered",
    pagination: Pagination.pageNumber({ page: "page", size: "size" }),
    time: { at: (row) => row.number, isSequence: true, walk: "pages" },
    filters: () => ({
      workflowId: Filter.provider((workflow) => ({ workflow })),
      status: Filter.words(["going", "ok", "bad"], ([word = "", ...more]) =>
        more.length === 0 ? { state: word } : null,
      ),
    }),
    omits: { statuses: ["queued", "running"], note: "it leaves out what runs." },
    request: ({ params }) => ({ method: "GET", path: "/numbered", query: params }),
  },
  get,
})

/** Lists by time, without get. */
export const withoutGet = Adapter.make({
  ...common,
  list: {
    ...timed,
    time: {
      at: (row) => row.at,
      before: (instant: number) => ({ until: instant }),
      walk: "windows",
    },
    filters: () => ({ status: Filter.here }),
  },
})

/** A server of these rows. */
export const changingServer = (rows: ReadonlyArray<ChangingRow>): ChangingServer => ({
  rows,
  got: [],
  asked: [],
})

interface Answered {
  readonly status: number
  readonly body: unknown
}

/** The server's response. */
const answer = (server: ChangingServer, url: URL): Answered => {
  const one = /\/rows\/(.+)$/.exec(url.pathname)?.[1]
  if (one === undefined) server.asked.push(url.searchParams)
  else server.got.push(one)
  const other = server.intercept?.(url)
  if (other !== undefined) return other
  if (one !== undefined) {
    const row = server.rows.find(({ number }) => String(number) === one)
    return row === undefined ? { status: 404, body: {} } : { status: 200, body: written(row) }
  }
  const number = (name: string, otherwise: number) =>
    Number(url.searchParams.get(name) ?? otherwise)
  const state = url.searchParams.get("state")
  const isNumbered = url.pathname.endsWith("/numbered")
  const isActive = (row: ChangingRow) => row.state === "new" || row.state === "going"
  const matching = server.rows
    .filter(
      (row) =>
        row.at <= number("until", Number.POSITIVE_INFINITY) &&
        row.at >= number("since", 0) &&
        (state === null ? !isNumbered || !isActive(row) : row.state === state) &&
        (url.searchParams.get("workflow") ?? row.workflow) === row.workflow,
    )
    .toSorted((a, b) => (isNumbered ? 0 : b.at - a.at) || b.number - a.number)
  const size = Math.min(number("size", 50), server.clamp ?? 50)
  const begin = (number("page", 1) - 1) * size
  const rows = matching.slice(begin, begin + size).map(written)
  return { status: 200, body: { rows, more: begin + size < matching.length } }
}

/** A fetch that responds like the server. */
export const changingFetch =
  (server: ChangingServer): typeof globalThis.fetch =>
  async (input) => {
    const { status, body } = answer(server, new URL(String(input)))
    return Response.json(body, { status })
  }

/** A transport that responds at once, so that the test clock never runs ahead of it. */
export const changingTransport = (server: ChangingServer): TransportService => ({
  exchange: ({ url }) =>
    Effect.sync(() => {
      const { status, body } = answer(server, new URL(url))
      return { status, headers: {}, body: JSON.stringify(body) }
    }),
})

const written = (row: ChangingRow) => (row.broken === true ? { number: row.number } : row)
