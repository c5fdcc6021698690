import { describe, expect, it } from "vitest"
import {
  type CallOptions,
  type Client,
  type ClientOptions,
  type CompleteOptions,
  createClient,
  createLog,
  type FollowOptions,
  type GetManyOptions,
  type GetOptions,
  type LogFollowOptions,
  type LogGetOptions,
  type LogQuery,
  type LogStreamOptions,
  type PagesOptions,
  type StreamOptions,
  type TransportSettings,
} from "../src/index.js"
import { optionNames } from "../src/model/OptionNames.js"
import { queryParts } from "../src/model/QueryParts.js"
import { failure } from "./Failure.js"
import { pagesByOffset } from "./SampleProvider.js"

/** Exactly the names of a type, as the compiler checks. */
type NamesOf<A> = { readonly [name in keyof Required<A>]: true }

const listeners = { onRejected: true, onWarning: true } as const
const ofPages: NamesOf<PagesOptions> = { cursor: true, parallelWindows: true, listedSince: true }
const streams: NamesOf<StreamOptions & CallOptions> = {
  ...ofPages,
  ...listeners,
  details: true,
  limit: true,
  signal: true,
}
const follows: NamesOf<FollowOptions & CallOptions> = {
  ...listeners,
  intervalMs: true,
  since: true,
  lookBackMs: true,
  staleAfterMs: true,
  details: true,
  signal: true,
}
const clients: NamesOf<ClientOptions> = { name: true, transport: true, redact: true, fetch: true }
const gets: NamesOf<GetOptions & CallOptions> = { include: true, onWarning: true, signal: true }
const many: NamesOf<GetManyOptions & CallOptions> = { include: true, signal: true }
const calls: NamesOf<CallOptions> = { signal: true }
const completes: NamesOf<CompleteOptions & CallOptions> = {
  details: true,
  include: true,
  signal: true,
}
const logStreams: NamesOf<LogStreamOptions & CallOptions> = { ...streams, onFailure: true }
const logGets: NamesOf<LogGetOptions & CallOptions> = { ...gets, connection: true }
const logFollows: NamesOf<LogFollowOptions & CallOptions> = { ...follows, onFailure: true }
const parts: NamesOf<LogQuery> = {
  workflowId: true,
  status: true,
  actorId: true,
  tag: true,
  since: true,
  until: true,
  finishedSince: true,
  finishedUntil: true,
  planned: true,
  providerStatus: true,
  attributes: true,
  search: true,
  order: true,
  include: true,
  pageSize: true,
}
const transports: NamesOf<TransportSettings> = {
  timeoutMs: true,
  deadlineMs: true,
  retries: true,
  requestsPerSecond: true,
  maxInFlight: true,
  maxBodyBytes: true,
  allowHttp: true,
  headers: true,
}

const newClient = (options: object = {}): Client =>
  createClient(pagesByOffset({ apiKey: "canary-sample-1" }), {
    fetch: async () => Response.json({ rows: [], total: 0 }),
    ...options,
  })

const drain = async (iterable: AsyncIterable<unknown>): Promise<void> => {
  for await (const one of iterable) expect(one).toBeDefined()
}

describe("optionNames and queryParts", () => {
  it.each([
    ["executions", streams],
    ["pages", { ...ofPages, signal: true }],
    ["get", gets],
    ["getMany", many],
    ["follow", follows],
    ["createClient", clients],
    ["page", calls],
    ["complete", completes],
    ["reread", calls],
    ["createLog", {}],
    ["log.prepare", { onFailure: true }],
    ["log.executions", logStreams],
    ["log.pages", { cursor: true, signal: true }],
    ["log.page", calls],
    ["log.get", logGets],
    ["log.follow", logFollows],
  ] as const)("lists exactly the options of %s", (method, names) => {
    expect(new Set<string>(optionNames[method])).toEqual(new Set(Object.keys(names)))
  })

  it("lists exactly the parts of a query", () => {
    expect(queryParts.toSorted()).toEqual(Object.keys(parts).toSorted())
  })
})

describe("an unknown option", () => {
  it.each<[string, (client: Client, options: object) => Promise<unknown>, object, string]>([
    [
      "executions",
      (client, options) => drain(client.executions({}, options)),
      { maxItems: 3 },
      "Did you mean limit?",
    ],
    [
      "executions",
      (client, options) => drain(client.entries({}, options)),
      { limits: 3 },
      "Did you mean limit?",
    ],
    [
      "executions",
      (client, options) => drain(client.executions({}, options)),
      { status: ["failed"] },
      "status is a part of the query: executions({ status }).",
    ],
    [
      "executions",
      (client, options) => drain(client.executions({}, options)),
      { timeout: 3 },
      "timeoutMs is a transport setting: createClient(connection, { transport: { timeoutMs } }).",
    ],
    [
      "pages",
      (client, options) => drain(client.pages({}, options)),
      { limit: 3 },
      "limit is an option of executions: executions(query, { limit }).",
    ],
    [
      "get",
      (client, options) => client.get("1", options),
      { includes: ["raw"] },
      "Did you mean include?",
    ],
    [
      "getMany",
      (client, options) => client.getMany(["1"], options),
      { x: 1 },
      "Its options are include, signal.",
    ],
    [
      "follow",
      (client, options) => drain(client.follow({}, options)),
      { interval: 5 },
      "Did you mean intervalMs?",
    ],
    [
      "pages",
      (client, options) => drain(client.pages({}, options)),
      { onRejected: () => {} },
      "onRejected is an option of executions; a page holds its rejected items and warnings.",
    ],
    [
      "page",
      (client, options) => client.page({}, null, options),
      { limit: 3 },
      "limit is an option of executions: executions(query, { limit }).",
    ],
    [
      "complete",
      (client, options) => client.complete([], options),
      { detials: "all" },
      "Did you mean details?",
    ],
    [
      "reread",
      (client, options) => client.reread([], {}, options),
      { signals: null },
      "Did you mean signal?",
    ],
    [
      "log.executions",
      (client, options) => drain(createLog([client]).entries({}, options)),
      { onFailur: () => {} },
      "Did you mean onFailure?",
    ],
    [
      "log.pages",
      (client, options) => drain(createLog([client]).pages({}, options)),
      { limit: 5 },
      "limit is an option of executions: executions(query, { limit }).",
    ],
    [
      "log.page",
      (client, options) => createLog([client]).page({}, null, options),
      { parallelWindows: 2 },
      "parallelWindows is an option of executions: executions(query, { parallelWindows }).",
    ],
    [
      "log.get",
      (client, options) => createLog([client]).get("1", options),
      { conection: "shop" },
      "Did you mean connection?",
    ],
    [
      "log.follow",
      (client, options) => drain(createLog([client]).follow({}, options)),
      { interval: 5 },
      "Did you mean intervalMs?",
    ],
  ])("rejects the option in %s, and says where it belongs", async (method, call, options, hint) => {
    const error = await failure(call(newClient(), options))
    const [name] = Object.keys(options)
    expect(error).toMatchObject({
      reason: "InvalidQuery",
      message: `${method} has no option "${name}".`,
      subject: { kind: "option", name },
      hint: { code: "change_name", text: hint },
      attempts: 0,
    })
  })

  it("rejects the option in createClient, and says where it belongs", () => {
    const hintOf = (options: object): unknown => {
      try {
        return newClient(options)
      } catch (error) {
        return error
      }
    }
    for (const name of Object.keys(transports)) {
      expect(hintOf({ [name]: 1 })).toMatchObject({
        reason: "InvalidSettings",
        hint: { text: expect.stringContaining(`{ transport: { ${name} } }`) },
      })
    }
    expect(hintOf({ fetchs: 1 })).toMatchObject({ hint: { text: "Did you mean fetch?" } })
  })

  it.each([
    [{ limit: 3 }, "limit is an option of executions: executions(query, { limit })."],
    [{ maxItems: 3 }, "limit is an option of executions: executions(query, { limit })."],
    [
      { cursor: "x" },
      "A cursor is an option of executions, entries and pages, and an argument of page: page(query, cursor), or page(cursor) of a prepared query.",
    ],
    [{ workflow: "a" }, "Did you mean workflowId?"],
    [{ from: "24h" }, "Did you mean since?"],
    [{ staus: ["failed"] }, "Did you mean status?"],
    [{ name: "shop" }, "name is an option of the client: createClient(connection, { name })."],
    [{ colour: 1 }, `Its parts are ${queryParts.join(", ")}.`],
  ])("rejects the query %j, and says where its part belongs", async (query, hint) => {
    const [name] = Object.keys(query)
    expect(await failure(newClient().page(query as LogQuery))).toMatchObject({
      reason: "InvalidQuery",
      message: `A query has no part "${name}".`,
      subject: { kind: "query", name },
      hint: { text: hint },
    })
  })

  it("ignores an unknown name whose value is undefined", async () => {
    const query = { colour: undefined } as LogQuery
    expect((await newClient().page(query)).executions).toEqual([])
  })
})

describe("a wrong value or argument", () => {
  it.each<[string, (client: Client) => Promise<unknown>]>([
    ["executions", (client) => drain(client.executions({}, { details: "nope" as never }))],
    ["complete", (client) => client.complete([], { details: "nope" as never })],
    ["follow", (client) => drain(client.follow({}, { details: "nope" as never }))],
  ])("rejects a value of details that %s does not know", async (_, call) => {
    expect(await failure(call(newClient()))).toMatchObject({
      reason: "InvalidQuery",
      message: 'The option details must be failed, all or none, not "nope".',
      subject: { kind: "option", name: "details" },
    })
  })

  it.each([null, "failed", 5])("rejects %j as a query", async (query) => {
    expect(await failure(newClient().page(query as never))).toMatchObject({
      reason: "InvalidQuery",
      subject: { kind: "argument", name: "query" },
    })
  })

  it.each<[string, unknown, string]>([
    ["a client", newClient(), "takes a list of clients"],
    ["a connection", [newClient(), pagesByOffset({ apiKey: "canary-sample-1" })], "number 2"],
    ["the Effect face", [newClient().effect], "number 1"],
    ["another log", [createLog([newClient()])], "number 1"],
    ["nothing", [null], "number 1"],
  ])("rejects %s given to createLog", (_, clients, message) => {
    expect(() => createLog(clients as never)).toThrowError(
      expect.objectContaining({
        reason: "InvalidSettings",
        message: expect.stringContaining(message),
        hint: expect.objectContaining({ text: expect.stringContaining("createClient(") }),
      }),
    )
  })
})
