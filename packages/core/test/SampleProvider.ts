import * as Schema from "effect/Schema"
import {
  Adapter,
  Auth,
  type CheckedQuery,
  Filter,
  Pagination,
  Setting,
  Wire,
} from "../src/adapter.js"
import type { SettingsType } from "../src/adapter/Setting.js"
import type { ClientOptions } from "../src/client/Client.js"
import { createClient } from "../src/index.js"

/** An invented provider that lists rows from memory, so that tests can try any history. */
export interface SampleRow {
  readonly id: string
  /** Milliseconds; the newest are listed first, and those that share an instant by id. */
  readonly at: number
  readonly state?: string
  readonly workflow?: string
  /** Decides the order of rows that share an instant, before the id does. */
  readonly tie?: number
  /** Whether its item is unreadable. */
  readonly broken?: boolean
}

export interface SampleServer {
  rows: ReadonlyArray<SampleRow>
  /** The largest page that is returned, whatever size is requested. */
  readonly clamp?: number
  /** Whether it ignores time parameters, as older servers do. */
  readonly ignoresTime?: boolean
  /** Rejects larger pages, naming this size. */
  readonly largestPage?: number
  /** Rejects requests with these parameters: by name, or by name and value, such as `state=bad`. */
  readonly rejects?: ReadonlyArray<string>
  /** Fails on each page with one of these rows. */
  readonly failsOn?: ReadonlySet<string>
  /** Fails on each page with one of these rows, if steps are requested. */
  readonly stepsFailOn?: ReadonlySet<string>
  /** Rejects a cursor with other time parameters than those of the response that returned it. */
  readonly bindsCursors?: boolean
  /** Whether the first page of a list is empty, and only names the next one. */
  readonly beginsEmpty?: boolean
  /** Whether each response repeats its first row. */
  readonly repeatsRow?: boolean
  /** Called before each response, with the number of the request from 0. */
  readonly beforeRequest?: (count: number) => void
}

const Row = Schema.Struct({
  id: Wire.id,
  at: Schema.Finite,
  state: Wire.maybe(Schema.String),
  workflow: Wire.maybe(Schema.String),
  steps: Wire.maybe(Schema.Array(Schema.String)),
})

const Rows = Schema.Struct({
  rows: Schema.Array(Schema.Unknown),
  more: Wire.maybe(Schema.Boolean),
  total: Wire.maybe(Schema.Finite),
  next: Wire.maybe(Schema.String),
})

const statuses = { ok: "succeeded", bad: "failed", going: "running" } as const

const common = {
  maxPageSize: 50,
  gives: ["steps"] as const,
  filters: () => ({
    workflowId: Filter.provider((workflow) => ({ workflow })),
    actorId: Filter.unsupported("it knows no actors."),
    status: Filter.words(["ok", "bad"], (words) =>
      words.length === 1 ? { state: words[0] ?? "" } : null,
    ),
    search: Filter.unsupported("it has no search."),
  }),
  page: Rows,
  info: ({ rows, ...page }: typeof Rows.Type) => ({ items: rows, ...page }),
  item: Row,
  itemId: (row: typeof Row.Type) => row.id,
  toExecution: (row: typeof Row.Type) => ({
    id: row.id,
    providerStatus: row.state ?? "ok",
    startedAt: new Date(row.at),
    finishedAt: new Date(row.at + 1000),
    workflow: { id: row.workflow ?? null },
    steps: row.steps?.map((name) => ({
      name,
      providerStatus: "ok",
      startedAt: new Date(row.at),
      finishedAt: null,
    })),
  }),
}

/** The parameter that asks for steps. */
const withSteps = ({ include }: CheckedQuery) => (include.includes("steps") ? { steps: true } : {})

const settings = {
  apiKey: Setting.secret("The key"),
  baseUrl: Setting.url("Where it is", { default: "https://sample.example/api" }),
}

const provider = {
  id: "sample",
  title: "Sample",
  settings,
  baseUrl: (config: SettingsType<typeof settings>) => config.baseUrl,
  auth: (config: SettingsType<typeof settings>) => Auth.bearer(config.apiKey),
  statuses,
}

const timeBounds = {
  before: (instant: number) => ({ until: instant }),
  after: (instant: number) => ({ since: instant }),
}

/** Numbered pages in time windows, with has_more and a total, like Dify. */
export const windowsByNumber = Adapter.make({
  ...provider,
  list: {
    ...common,
    route: "GET /rows",
    pagination: Pagination.pageNumber({ page: "page", size: "size" }),
    time: { at: (row) => row.at, delay: () => 0, skew: 0, ...timeBounds, walk: "windows" },
    request: ({ params, query }) => ({
      method: "GET",
      path: "/rows",
      query: { ...params, ...withSteps(query), tells: "more,total" },
    }),
  },
  problem: (_, body) =>
    Schema.is(Schema.Struct({ message: Schema.String }))(body) ? { message: body.message } : {},
})

/** Offsets in time windows, with a total, like Alloy's events. */
const windowsByOffset = Adapter.make({
  ...provider,
  list: {
    ...common,
    route: "GET /rows",
    pagination: Pagination.offset({ offset: "skip", size: "size" }),
    time: { at: (row) => row.at, delay: () => 0, skew: 0, ...timeBounds, walk: "windows" },
    request: ({ params, query }) => ({
      method: "GET",
      path: "/rows",
      query: { ...params, ...withSteps(query), tells: "total" },
    }),
  },
})

/** Offsets in time windows, without a total: only a short page ends the list, like Prefect's. */
const windowsOfFullPages = Adapter.make({
  ...provider,
  list: {
    ...common,
    route: "GET /rows",
    pagination: Pagination.offset({ offset: "skip", size: "size", fillsPages: true }),
    time: { at: (row) => row.at, delay: () => 0, skew: 0, ...timeBounds, walk: "windows" },
    request: ({ params, query }) => ({
      method: "GET",
      path: "/rows",
      query: { ...params, ...withSteps(query), tells: "fills" },
    }),
  },
})

/** Numbered pages without any sign whether more follow, like Alloy's workflow logs. */
const pagesByNumber = Adapter.make({
  ...provider,
  list: {
    ...common,
    route: "GET /rows",
    pagination: Pagination.pageNumber({ page: "page", size: "size" }),
    orders: ["newest", "oldest"],
    time: { at: (row) => row.at, delay: () => 0, skew: 0, walk: "pages" },
    request: ({ params, query }) => ({
      method: "GET",
      path: "/rows",
      query: { ...params, ...withSteps(query), order: query.order },
    }),
  },
})

/** Pages, newest first, with a pagination; `tells` is what a response has beside its rows. */
const pages = (pagination: Pagination.Pagination, tells: string) =>
  Adapter.make({
    ...provider,
    list: {
      ...common,
      route: "GET /rows",
      pagination,
      time: { at: (row) => row.at, delay: () => 0, skew: 0, walk: "pages" },
      request: ({ params, query }) => ({
        method: "GET",
        path: "/rows",
        query: { ...params, ...withSteps(query), tells },
      }),
    },
  })

/** Numbered pages with a total. */
const pagesByNumberWithTotal = pages(Pagination.pageNumber({ page: "page", size: "size" }), "total")

/** Offsets with a total. */
export const pagesByOffset = pages(Pagination.offset({ offset: "skip", size: "size" }), "total")

/** Cursors that resume after the last row. */
const pagesByCursor = pages(
  Pagination.cursor({ cursor: "cursor", size: "size", keyset: true }),
  "cursor",
)

/** Cursors that fix the page size, like n8n's. */
const pagesBySizedCursor = pages(
  Pagination.cursor({
    cursor: "cursor",
    size: "size",
    keyset: true,
    resized: (cursor, size) => cursor.replace(/,.*/, `,${size}`),
  }),
  "cursor,sized",
)

/** The id of the last row, without any sign whether more follow. */
const pagesByLastItem = pages(Pagination.lastItem({ after: "after", size: "size" }), "")

/** The URL of the next page in the body. */
const pagesByNextUrl = pages(Pagination.nextUrl({ size: "size", keyset: true }), "url")

/** The URL of the next page in the header Link, and a total. */
const pagesByLinkHeader = pages(Pagination.linkHeader({ size: "size", keyset: true }), "link,total")

/** Time windows in both orders. */
const eitherWay = (pagination: Pagination.Pagination, tells: string) =>
  Adapter.make({
    ...provider,
    list: {
      ...common,
      route: "GET /rows",
      pagination,
      orders: { newest: {}, oldest: { order: "oldest" } },
      time: { at: (row) => row.at, delay: () => 0, skew: 0, ...timeBounds, walk: "windows" },
      request: ({ params, query }) => ({
        method: "GET",
        path: "/rows",
        query: { ...params, ...withSteps(query), tells },
      }),
    },
  })

/** Numbered pages in time windows, in both orders. */
const eitherWayByNumber = eitherWay(
  Pagination.pageNumber({ page: "page", size: "size" }),
  "more,total",
)

/** Offsets in time windows, in both orders. */
const eitherWayByOffset = eitherWay(Pagination.offset({ offset: "skip", size: "size" }), "total")

/** Cursors that resume after the last row, in windows. */
const windowsByCursor = eitherWay(
  Pagination.cursor({ cursor: "cursor", size: "size", keyset: true }),
  "cursor",
)

/** Cursors that count rows, in windows, like MLflow's page tokens. */
const windowsByCountingCursor = eitherWay(
  Pagination.cursor({ cursor: "cursor", size: "size" }),
  "cursor,counts",
)

/** URLs that count rows, in windows. */
const windowsByNextUrl = eitherWay(Pagination.nextUrl({ size: "size" }), "url,counts")

/** The URL of the next page in the header Link, in windows. */
const windowsByLinkHeader = eitherWay(
  Pagination.linkHeader({ size: "size", keyset: true }),
  "link,total",
)

/** The id of the last row, in windows. */
const windowsByLastItem = eitherWay(Pagination.lastItem({ after: "after", size: "size" }), "")

/** The shapes that are read by windows and name their pages. */
export const namedWindowShapes = [
  "windowsByCursor",
  "windowsByCountingCursor",
  "windowsByNextUrl",
  "windowsByLinkHeader",
  "windowsByLastItem",
] as const

/** The shapes whose names count rows, so that deletions inside an instant shift them. */
export const countingShapes: ReadonlyArray<string> = ["windowsByCountingCursor", "windowsByNextUrl"]

/** All shapes, by name. */
export const shapes = {
  windowsByNumber,
  windowsByOffset,
  windowsOfFullPages,
  pagesByNumber,
  pagesByNumberWithTotal,
  pagesByOffset,
  pagesByCursor,
  pagesBySizedCursor,
  pagesByLastItem,
  pagesByNextUrl,
  pagesByLinkHeader,
  eitherWayByNumber,
  eitherWayByOffset,
  windowsByCursor,
  windowsByCountingCursor,
  windowsByNextUrl,
  windowsByLinkHeader,
  windowsByLastItem,
}

const byListing = (a: SampleRow, b: SampleRow) =>
  b.at - a.at || (a.tie ?? 0) - (b.tie ?? 0) || (a.id < b.id ? -1 : 1)

/** A fetch that responds like the sample provider. */
export const sampleFetch = (server: SampleServer): typeof globalThis.fetch => {
  let requests = 0
  const known = new Map<string, SampleRow>()
  return async (input) => {
    server.beforeRequest?.(requests++)
    if (requests > 3000) throw new Error("The walk asks for ever.")
    const parameters = new URL(String(input)).searchParams
    const rejected = server.rejects?.find((one) => {
      const [name = "", value] = one.split("=")
      return parameters.has(name) && (value ?? parameters.get(name)) === parameters.get(name)
    })
    if (rejected !== undefined) return rejection(`${rejected} is not allowed`)
    const bounds = `${parameters.get("since")}..${parameters.get("until")}`
    const bound = parameters.get("cursor")?.split("@")[1]
    if (bound !== undefined && bound !== bounds) return rejection("this cursor has other bounds")
    const sized = parameters.get("cursor")?.split(",")[1]
    if (sized !== undefined) parameters.set("size", sized)
    const number = (name: string) =>
      parameters.has(name) ? Number(parameters.get(name)) : undefined
    const until = server.ignoresTime === true ? undefined : number("until")
    const since = server.ignoresTime === true ? undefined : number("since")
    const matching = server.rows
      .filter(
        (row) =>
          (until === undefined || row.at <= until) &&
          (since === undefined || row.at >= since) &&
          (!parameters.has("state") || (row.state ?? "ok") === parameters.get("state")) &&
          (!parameters.has("workflow") || row.workflow === parameters.get("workflow")),
      )
      .toSorted(byListing)
    const isRising = parameters.get("order") === "oldest"
    if (isRising) matching.reverse()
    const tells = parameters.get("tells") ?? ""
    const clamp = tells.includes("fills") ? undefined : server.clamp
    if ((number("size") ?? 0) > (server.largestPage ?? Number.POSITIVE_INFINITY)) {
      return rejection(`size must be at most ${server.largestPage}`)
    }
    const size = Math.min(number("size") ?? 10, clamp ?? Number.POSITIVE_INFINITY)
    for (const row of server.rows) known.set(row.id, row)
    const [kind = "", named = ""] =
      (parameters.get("cursor") ?? "").split(/[,@]/)[0]?.split("~") ?? []
    const last = known.get(parameters.get("after") ?? (kind === "behind" ? named : ""))
    const isAbove = (row: SampleRow) =>
      row.id === last?.id || (last !== undefined && (isRising ? -1 : 1) * byListing(last, row) > 0)
    const behind = last === undefined ? 0 : matching.filter(isAbove).length
    const begin =
      number("skip") ??
      (kind === "counts"
        ? Number(named)
        : last === undefined
          ? ((number("page") ?? 1) - 1) * size
          : behind)
    const isEmpty = server.beginsEmpty === true && kind === "" && matching.length > 0
    const page = isEmpty ? [] : matching.slice(begin, begin + size)
    const hasSteps = parameters.has("steps")
    if (
      page.some(({ id }) => server.failsOn?.has(id) || (hasSteps && server.stepsFailOn?.has(id)))
    ) {
      return Response.json({ message: "Internal server error" }, { status: 500 })
    }
    const isLast = !isEmpty && begin + size >= matching.length
    const next = isLast
      ? null
      : isEmpty || tells.includes("counts")
        ? `counts~${isEmpty ? 0 : begin + size}`
        : `behind~${page.at(-1)?.id}${tells.includes("sized") ? `,${size}` : ""}`
    const given = next !== null && server.bindsCursors === true ? `${next}@${bounds}` : next
    if (given !== null) parameters.set("cursor", given)
    const rows = page.map((row) => {
      if (row.broken === true) return { id: row.id, at: "soon" }
      return hasSteps ? { ...row, steps: [`step of ${row.id}`] } : row
    })
    return Response.json(
      {
        rows: server.repeatsRow === true ? [...rows.slice(0, 1), ...rows] : rows,
        ...(tells.includes("more") ? { more: !isLast } : {}),
        ...(tells.includes("total") ? { total: matching.length } : {}),
        ...(tells.includes("cursor") ? { next: given } : {}),
        ...(tells.includes("url") ? { next: next && `?${parameters}` } : {}),
      },
      tells.includes("link") && next !== null
        ? { headers: { link: `</>; rel="up", <?${parameters}>; title="a, b"; rel="next"` } }
        : {},
    )
  }
}

const rejection = (message: string) => Response.json({ message }, { status: 422 })

/** A client of a shape over a server in memory. */
export const sampleClient = (
  shape: keyof typeof shapes,
  server: SampleServer,
  options: ClientOptions = {},
) =>
  createClient(shapes[shape]({ apiKey: "canary-sample-1" }), {
    ...options,
    fetch: sampleFetch(server),
  })
