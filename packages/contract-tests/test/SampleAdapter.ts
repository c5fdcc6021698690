import type { JsonObject } from "@execlog/core"
import { Adapter, Auth, Filter, Pagination, Setting, Wire } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"

/** A row of an invented provider. */
export const Row = Schema.Struct({
  id: Wire.id,
  state: Wire.maybe(Schema.String),
  workflow: Wire.maybe(Schema.String),
  user: Wire.maybe(Schema.String),
  logged: Wire.epochSeconds,
  started: Wire.maybe(Wire.epochSeconds),
  ended: Wire.maybe(Wire.epochSeconds),
  queuedAt: Wire.maybe(Wire.isoTime),
  tags: Wire.maybe(Schema.Array(Schema.String)),
})
export type Row = typeof Row.Type

export const Rows = Schema.Struct({
  rows: Schema.Array(Schema.Unknown),
  more: Wire.maybe(Schema.Boolean),
})

const instant = (seconds: number | null | undefined): Date | null =>
  seconds === null || seconds === undefined ? null : new Date(seconds * 1000)

export const toExecution = (row: Row) => ({
  id: row.id,
  providerStatus: row.state ?? null,
  workflow: { id: row.workflow ?? null },
  startedAt: instant(row.started),
  finishedAt: instant(row.ended),
  actor: row.user ? { kind: "end_user" as const, id: row.user, name: null, email: null } : null,
  attributes: { tags: row.tags ?? undefined },
})

export const isProblem = Schema.is(Schema.Struct({ problem: Schema.String }))

/** A sound declaration, of which the tests break one part at a time. */
export const declaration = {
  id: "sample",
  title: "Sample",
  settings: {
    apiKey: Setting.secret("The key of the account"),
    baseUrl: Setting.url("Where the server is", { default: "https://sample.example.com/api" }),
  },
  baseUrl: (config: { readonly baseUrl: string }) => config.baseUrl,
  auth: (config: { readonly apiKey: Parameters<typeof Auth.bearer>[0] }) =>
    Auth.bearer(config.apiKey),
  statuses: { ok: "succeeded", done: "succeeded", bad: "failed", going: "running" },
  list: {
    route: "GET /rows",
    pagination: Pagination.pageNumber({ page: "page", size: "size" }),
    maxPageSize: 50,
    time: {
      at: (row: Row) => row.logged * 1000,
      tick: 1000,
      delay: () => 60_000,
      before: (until: number) => ({ until }),
      after: (since: number) => ({ since }),
      walk: "windows",
    },
    filters: () => ({
      workflowId: Filter.provider((workflow) => ({ workflow })),
      actorId: Filter.here,
      status: Filter.words(["ok", "done", "bad"], (words) => ({ state: words.join(",") })),
      search: Filter.unsupported("it has no search."),
    }),
    request: ({ params }: { readonly params: JsonObject }) => ({
      method: "GET" as const,
      path: "/rows",
      query: params,
    }),
    page: Rows,
    info: (page: typeof Rows.Type) => ({ items: page.rows, more: page.more }),
    item: Row,
    itemId: (row: Row) => row.id,
    toExecution,
  },
  problem: (_status: number, body: unknown) => (isProblem(body) ? { message: body.problem } : {}),
  get: {
    route: "GET /rows/{id}",
    request: ({ id }: { readonly id: string }) => ({
      method: "GET" as const,
      path: `/rows/${encodeURIComponent(id)}`,
    }),
    item: Row,
    toExecution,
  },
} as const

export const sample = Adapter.make(declaration)
export default sample
