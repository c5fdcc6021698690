import { describe, expect, it } from "vitest"
import type { Connection, Join, ListEndpoint } from "../src/adapter/Connection.js"
import type { TimeAxis } from "../src/adapter/TimeAxis.js"
import { AdapterError, createClient, type LogQuery } from "../src/index.js"
import { eventful, eventsAt, type Event } from "./EventfulProvider.js"
import { failure } from "./Failure.js"
import { own } from "./OwnConnection.js"
import { sampleFetch, windowsByNumber } from "./SampleProvider.js"
import { rows } from "./SampleRows.js"

const broken = (): never => {
  throw new TypeError("no such field of canary-sample-1")
}

const sample = windowsByNumber({ apiKey: "canary-sample-1" })
const withList = (list: Partial<ListEndpoint>): Connection => ({
  ...sample,
  list: { ...sample.list, ...list },
})
const withTime = (time: Partial<TimeAxis>) => withList({ time: { ...sample.list.time, ...time } })
const getting = (get: Partial<NonNullable<Connection["get"]>>): Connection => ({
  ...sample,
  get: {
    route: "GET /rows/{id}",
    gives: [],
    checkId: () => null,
    request: (id) => ({ method: "GET", path: `/rows/${id}` }),
    item: (value) => ({ ok: true, value }),
    execution: () => ({ id: "1", providerStatus: null, startedAt: null, finishedAt: null }),
    joins: [],
    ...get,
  },
})
const withJoin = (join: Partial<Join<unknown>>) =>
  withList({
    joins: [
      {
        name: "tasks",
        when: () => true,
        keys: () => ["1"],
        join: {
          route: "POST /tasks",
          maxKeys: 1,
          isUnique: true,
          request: () => ({ method: "GET", path: "/rows" }),
          page: () => ({ ok: true, value: [] }),
          row: broken,
          ...join,
        },
      },
    ],
  })
const clientOf = (connection: Connection) =>
  createClient(connection, { transport: { retries: 0 }, fetch: sampleFetch({ rows }) })

describe("an adapter whose function throws or returns null", () => {
  const since = new Date(1_700_000_000_000)
  it.each<[string, Connection, LogQuery]>([
    ["list.time.after", withTime({ after: broken }), { since }],
    ["list.time.before", withTime({ before: broken }), { until: since }],
    ["list.time.before", withTime({ before: broken }), { pageSize: 5 }],
    [
      "list.time.start.after",
      withTime({ start: { statuses: ["failed"], after: broken, before: null } }),
      { since, status: ["failed"] },
    ],
    [
      "list.time.finish.after",
      withTime({ finish: { statuses: ["failed"], after: broken, before: null } }),
      { finishedSince: since, status: ["failed"] },
    ],
    ["list.filters", withList({ answer: broken }), { workflowId: "flow" }],
    ["request", withList({ request: broken }), {}],
    ["detail.when", { ...sample, detail: { ...sample.list, when: broken } }, {}],
    [
      "list.joins.tasks.when",
      withList({
        joins: [
          {
            name: "tasks",
            when: broken,
            keys: () => [],
            join: {
              route: "GET /tasks",
              maxKeys: 1,
              isUnique: true,
              request: broken,
              page: broken,
              row: broken,
            },
          },
        ],
      }),
      {},
    ],
    ["auth", { ...sample, auth: broken }, {}],
  ])(
    "fails with an error that names the adapter and %s when that function throws",
    async (name, connection, query) => {
      const reading = async () => {
        for await (const _ of clientOf(connection).pages(query)) void _
      }
      const error = await failure(reading())
      expect(AdapterError.is(error)).toBe(true)
      expect(error.message).toContain(name)
      expect(error.provider).toBe("sample")
      expect(error.message).not.toContain("canary")
      expect(error.hint?.code).toBe("report")
    },
  )

  // An adapter in plain JavaScript may return anything.
  const nothing = () => null as never
  it.each<[string, Connection, LogQuery]>([
    ["list.time.after", withTime({ after: nothing }), { since }],
    ["list.filters", withList({ answer: nothing }), { workflowId: "flow" }],
    ["list.request", withList({ request: nothing }), {}],
    ["get.request", getting({ request: nothing }), {}],
    ["joins.tasks.request", withJoin({ request: nothing }), {}],
    ["POST /tasks: rows", withJoin({ page: () => ({ ok: true, value: nothing() }) }), {}],
  ])("reports the name of %s when it returns null", async (name, connection, query) => {
    const client = clientOf(connection)
    const warnings: Array<string> = []
    const reading = async () => {
      for await (const page of client.pages(query))
        warnings.push(...page.warnings.map(({ text }) => text))
      if (connection.get !== null) await client.get("1")
    }
    const error = await reading().catch((thrown: unknown) => thrown)
    const reported = AdapterError.is(error) ? error.message : warnings.join()
    expect(error === undefined || AdapterError.is(error)).toBe(true)
    expect(reported).toContain(name)
    expect(reported).toContain("it returned no")
  })

  it("returns null from idToGet when get.idOf throws", () => {
    const { idToGet } = clientOf(getting({ idOf: broken }))
    expect(idToGet({ id: "1", attributes: {} })).toBe(null)
  })

  it("fails and names list.info when it returns no list of items", async () => {
    const items: never = null as never
    const page = () =>
      ({ ok: true, value: { items, more: null, total: null, next: null } }) as const
    const error = await failure(clientOf(withList({ page })).page())
    expect(error.message).toContain("failed in list.info: it returned no list of items")
  })

  it.each<[string, Connection, string]>([
    ["get.checkId", getting({ checkId: broken }), 'The adapter "sample" failed in get.checkId'],
    ["get.isMissing", getting({ item: broken }), "the adapter failed on it"],
    ["get.listedAt", getting({ listedAt: broken }), "the adapter failed on it"],
  ])("fails get, and each id of getMany, when %s throws", async (_, connection, message) => {
    const client = clientOf(connection)
    const error = await failure(client.get("1"))
    expect(error.reason).toBe("Decode")
    expect(error.message).toContain(message)
    const { failures } = await client.getMany(["1", "2"])
    expect(failures.map(({ id }) => id)).toEqual(["1", "2"])
  })

  it("names secrets, and hides the thrown message, when secrets throws in createClient", () => {
    expect(() => createClient(own({ ...sample, secrets: broken }))).toThrow(
      'The adapter "sample" failed in secrets: TypeError.',
    )
  })
})

describe("an adapter's mapping of an item", () => {
  const drafted = { id: "row-01", providerStatus: null, startedAt: null, finishedAt: null }
  const odd: ReadonlyArray<readonly [string, () => unknown, string]> = [
    ["a promise", () => Promise.reject(new Error("canary-sample-1")), "it returned a promise"],
    ["a BigInt", () => ({ ...drafted, attributes: { size: 5n } }), "a value that is not JSON"],
    ["a Date", () => ({ ...drafted, inputs: [new Date(0)] }), "a value that is not JSON"],
    [
      "a list with holes",
      () => ({ ...drafted, tags: Object.assign([], { length: 4e9 }) }),
      "tags is not a list of texts",
    ],
    [
      "a number for a text",
      () => ({ ...drafted, workflow: { id: 5 } }),
      "workflow.id is not a text",
    ],
    ["a text for a number", () => ({ ...drafted, attempt: "1" }), "attempt is not a number"],
    ["a symbol", () => ({ ...drafted, actor: { id: Symbol("x") } }), "actor.id is not a text"],
    ["nothing", () => null, "the adapter failed on it"],
  ]
  it.each(odd)(
    "rejects only that item when the adapter returns %s for it",
    async (_, draft, reason) => {
      const { execution } = sample.list
      const list = {
        execution: (...given: Parameters<typeof execution>) =>
          JSON.stringify(given[0]).includes("row-05") ? (draft() as never) : execution(...given),
      }
      const page = await clientOf(withList(list)).page({ include: ["inputs"] })
      expect(page.executions.length).toBeGreaterThan(3)
      expect(page.rejected.map((rejected) => rejected.reason)).toEqual([
        expect.stringContaining(reason),
      ])
    },
  )
})

describe("a fold whose function throws on the events of one execution", () => {
  const events = ["a", "b", "c"].flatMap((id, index): Array<Event> => {
    const start = index * 10
    return [
      { id, start, at: start, word: "start" },
      { id, start, at: start + 5, word: "end" },
    ]
  })
  const connection = eventful({ apiKey: "canary-sample-1" })
  const { fold } = connection.list

  it.each(["merge", "isFirst", "isLast", "startedAt"] as const)(
    "rejects only that execution when fold.%s throws",
    async (name) => {
      if (fold === null) throw new Error("it folds")
      const failing = (given: never) =>
        JSON.stringify(given).includes('"id":"b"') ? broken() : (fold[name](given) as never)
      const list = { ...connection.list, fold: { ...fold, [name]: failing } }
      const client = createClient(own({ ...connection, list }), {
        fetch: async (input) => Response.json(eventsAt(events, String(input))),
      })
      const page = await client.page({ include: ["raw"] })
      expect(page.executions.map(({ id }) => id)).toEqual(["c", "a"])
      expect(page.rejected.map(({ id }) => id)).toContain("b")
      for (const { reason } of page.rejected) {
        expect(reason).toContain("the adapter failed on it: TypeError: no such field of <redacted>")
      }
      const reread = await client.reread(page.rejected.map(({ raw }) => raw))
      expect(reread.every(({ ok }) => !ok)).toBe(true)
    },
  )
})
