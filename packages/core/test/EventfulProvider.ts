import * as Schema from "effect/Schema"
import { Adapter, Auth, Filter, Pagination, Setting, Wire } from "../src/adapter.js"

/** The start or the end of an execution. */
export interface Event {
  readonly id: string
  readonly at: number
  readonly word: "start" | "end"
  readonly start: number
}

const EventSchema = Schema.Struct({
  id: Wire.id,
  at: Schema.Finite,
  word: Schema.Literals(["start", "end"]),
  start: Schema.Finite,
})

/** The milliseconds of the tests count from here. */
const epoch = Date.UTC(2026, 10, 21)

/** A provider that lists the start and the end of an execution as two events. */
export const eventful = Adapter.make({
  id: "eventful",
  title: "Eventful",
  settings: {
    apiKey: Setting.secret("The key"),
    baseUrl: Setting.url("Where it is", { default: "https://eventful.example" }),
  },
  baseUrl: (config) => config.baseUrl,
  auth: (config) => Auth.bearer(config.apiKey),
  statuses: { start: "running", end: "succeeded" },
  list: {
    route: "GET /events",
    pagination: Pagination.offset({ offset: "skip", size: "limit" }),
    maxPageSize: 50,
    time: {
      at: (event) => epoch + event.at,
      skew: 5,
      before: (until) => ({ until: until - epoch }),
      walk: "windows",
    },
    filters: () => ({
      workflowId: Filter.unsupported("no."),
      actorId: Filter.unsupported("no."),
      status: Filter.words(["end"], (words) => ({ word: words[0] ?? "" })),
      search: Filter.unsupported("no."),
    }),
    request: ({ params }) => ({ method: "GET", path: "/events", query: params }),
    page: Schema.Struct({ events: Schema.Array(Schema.Unknown), total: Schema.Finite }),
    info: (page) => ({ items: page.events, total: page.total }),
    item: EventSchema,
    itemId: (event) => event.id,
    fold: {
      merge: (events) => events.find(({ word }) => word === "end") ?? events[0],
      isFirst: ({ word }) => word === "start",
      isLast: ({ word }) => word === "end",
      startedAt: ({ start }) => epoch + start,
    },
    toExecution: (event) => ({
      id: event.id,
      providerStatus: event.word,
      startedAt: new Date(event.start),
      finishedAt: event.word === "end" ? new Date(event.at) : null,
    }),
  },
})

/** The page of the current events that a URL requests. */
export const eventsAt = (events: ReadonlyArray<Event>, url: string) => {
  const parameters = new URL(url).searchParams
  const until = Number(parameters.get("until") ?? Number.POSITIVE_INFINITY)
  const word = parameters.get("word")
  const matching = events
    .filter((event) => event.at <= until && (word === null || event.word === word))
    .toSorted((a, b) => b.at - a.at || (a.id + a.word < b.id + b.word ? 1 : -1))
  const skip = Number(parameters.get("skip"))
  return {
    events: matching.slice(skip, skip + Number(parameters.get("limit"))),
    total: matching.length,
  }
}

/** A fetch that lists these events. */
export const fetchOf =
  (events: ReadonlyArray<Event>): typeof globalThis.fetch =>
  async (input) =>
    Response.json(eventsAt(events, String(input)))
