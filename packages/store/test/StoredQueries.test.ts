import { createHash } from "node:crypto"
import {
  AdapterError,
  type CursorFault,
  type Execution,
  executionStatuses,
  type FilterPlan,
  type LogQuery,
} from "@execlog/core"
import { type StatisticRow, statisticRow } from "@execlog/core/statistics"
import { startSimulator } from "@execlog/simulator"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { StoredListOptions } from "../src/index.js"
import { databases, type TestDatabase } from "./Databases.js"
import { readLive, type SimulatedSource, sources } from "./Providers.js"
import { execution, page, scripted } from "./ScriptedClient.js"
import { kept, type OpenedStore, storeOf } from "./StoreOf.js"

const made = { executions: 160 }
const simulator = await startSimulator({
  port: null,
  alloy: made,
  dify: made,
  n8n: made,
  prefect: made,
})

const clientOf = ({ name, historyOf }: SimulatedSource) => historyOf(simulator).client({ name })

/** All that each provider lists. */
const listed = new Map(
  await Promise.all(
    sources.map(async (source) => [source.name, await readLive(clientOf(source))] as const),
  ),
)

/** By the time that each counts under, then id, the newest first. */
const inOrder = (executions: ReadonlyArray<Execution>) =>
  executions.toSorted((a, b) => {
    const at = ({ timestamp }: Execution) => timestamp?.getTime() ?? Number.MAX_SAFE_INTEGER
    return at(b) - at(a) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
  })

/** Waiting executions are in no list of n8n, but in a store. */
const isListed = ({ provider, status }: Execution): boolean =>
  provider !== "n8n" || (status !== "waiting" && status !== "queued")

/** Queries that find something more often than not. */
const queryOf = (all: ReadonlyArray<Execution>): fc.Arbitrary<LogQuery> => {
  const of = <A>(values: ReadonlyArray<A | null | undefined>) =>
    fc.constantFrom(...new Set(values.filter((value) => value !== null && value !== undefined)))
  const time = of(all.map(({ timestamp }) => timestamp?.getTime())).map((at) => new Date(at))
  const end = of(all.map(({ finishedAt }) => finishedAt?.getTime())).map((at) => new Date(at))
  const facts = all.flatMap(({ attributes }) =>
    Object.entries(attributes).flatMap(([name, value]) =>
      typeof value === "object" ? [] : [[name, value] as const],
    ),
  )
  const filters = {
    workflowId: of(all.map(({ workflow }) => workflow.id)),
    status: fc.uniqueArray(fc.constantFrom(...executionStatuses), { minLength: 1, maxLength: 3 }),
    actorId: of([...all.map(({ actor }) => actor?.id), "nobody"]),
    since: time,
    until: time,
    finishedSince: end,
    finishedUntil: end,
    planned: fc.boolean(),
    tag: of([...all.flatMap(({ tags }) => tags), "none"]),
    providerStatus: of(all.map(({ providerStatus }) => providerStatus)),
    attributes: of(facts).map(([name, value]) => ({ [name]: value })),
  } satisfies Readonly<Record<Exclude<FilterPlan["filter"], "search">, fc.Arbitrary<unknown>>>
  const made = fc.record(filters, { requiredKeys: [] })
  const isEmpty = (after: LogQuery["since"], before: LogQuery["until"]) =>
    after !== undefined && before !== undefined && after >= before
  return made.filter(
    ({ since, until, finishedSince, finishedUntil }) =>
      !isEmpty(since, until) && !isEmpty(finishedSince, finishedUntil),
  )
}

/** The provider's results; one query per status if the list returns some statuses only alone. */
const findLive = async (source: SimulatedSource, query: LogQuery) => {
  const client = clientOf(source)
  if (!source.isSequence || query.status === undefined) return readLive(client, query)
  const found = await Promise.all(
    query.status.map((status) => readLive(client, { ...query, status: [status] })),
  )
  return found.flat()
}

describe.each(databases)("queries of a store in $name", ({ make }) => {
  const open: { database?: TestDatabase; store?: OpenedStore } = {}
  const stored = (): OpenedStore => {
    if (open.store === undefined) throw new Error("The store is not open")
    return open.store
  }
  beforeAll(async () => {
    open.database = await make()
    open.store = await storeOf(open.database)
    for (const source of sources) {
      await open.store.sync(clientOf(source), {
        include: source.name === "prefect" ? ["steps"] : [],
        // As the list has it, so that both can be compared.
        details: "none",
        onWarning: () => {},
      })
    }
  })
  afterAll(async () => {
    await open.store?.close()
    await open.database?.[Symbol.asyncDispose]()
  })

  it.each(sources.map((source) => ({ source, name: source.name })))(
    "returns the executions of $name that the provider returns, ordered by timestamp",
    async ({ source }) => {
      const all = listed.get(source.name) ?? []
      await fc.assert(
        fc.asyncProperty(queryOf(all), async (query) => {
          const found = (await kept(stored(), query, { connections: [source.name] })).filter(
            isListed,
          )
          const live = await findLive(source, query).catch((error: unknown) => {
            if (AdapterError.is(error) && error.reason === "Unsupported") return null
            throw error
          })
          fc.pre(live !== null)
          expect(inOrder(found)).toEqual(inOrder(live ?? []))
          expect(found).toEqual(inOrder(found))
          const oldest = await kept(
            stored(),
            { ...query, order: "oldest" },
            { connections: [source.name] },
          )
          expect(oldest.filter(isListed)).toEqual(found.toReversed())
        }),
        { numRuns: 25 },
      )
      expect(all.length).toBeGreaterThan(100)
    },
  )

  it("returns the steps that the provider's list gives", async () => {
    const prefect = sources.find(({ name }) => name === "prefect")
    const query: LogQuery = { status: ["failed"], include: ["steps"] }
    const live = prefect === undefined ? [] : await readLive(clientOf(prefect), query)
    const found = await kept(stored(), query, { connections: ["prefect"] })
    expect(inOrder(found)).toEqual(inOrder(live))
    expect(found.some(({ steps }) => (steps ?? []).length > 0)).toBe(true)
  })

  it("returns executions of all connections, of some, and none of an unknown one", async () => {
    const all = [...listed.values()].flat()
    expect(
      (await kept(stored()))
        .filter(isListed)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(all.map(({ id }) => id).toSorted())
    const some = await kept(stored(), {}, { connections: ["dify", "n8n", "dify"] })
    expect(new Set(some.map(({ connection }) => connection))).toEqual(new Set(["dify", "n8n"]))
    expect(await kept(stored(), {}, { connections: [] })).toEqual([])
    expect(await kept(stored(), {}, { connections: ["nowhere"] })).toEqual([])
    expect(await stored().get("nowhere", "1")).toBeNull()
    expect(await stored().get("dify", "1")).toBeNull()
  })

  it("resumes at any cursor, even inside a batch", async () => {
    const whole = await kept(stored())
    expect(whole.length).toBeGreaterThan(600)
    const place = fc.integer({ min: 1, max: whole.length })
    await fc.assert(
      fc.asyncProperty(place, place, async (first, second) => {
        const read = async (options: StoredListOptions) => {
          const executions: Array<Execution> = []
          let cursor: string | undefined
          for await (const entry of stored().entries({}, options)) {
            executions.push(entry.execution)
            cursor = entry.cursor()
          }
          return { executions, cursor }
        }
        const head = await read({ limit: first })
        const next = await read({ limit: second, cursor: head.cursor })
        expect(head.executions).toEqual(whole.slice(0, first))
        expect(next.executions).toEqual(whole.slice(first, first + second))
      }),
      { numRuns: 15 },
    )
  })

  it("returns the statistic rows of the executions that a query finds", async () => {
    const query: LogQuery = { status: ["failed", "succeeded"] }
    const scope = { connections: ["alloy", "prefect"] }
    const rows: Array<StatisticRow> = []
    for await (const slice of stored().statisticRows(query, scope)) rows.push(...slice)
    const lines = (all: ReadonlyArray<StatisticRow>) =>
      all.map((row) => JSON.stringify(row)).toSorted()
    expect(lines(rows)).toEqual(lines((await kept(stored(), query, scope)).map(statisticRow)))
    expect(rows.length).toBeGreaterThan(100)
  })

  it("rejects a search as unsupported", async () => {
    await expect(kept(stored(), { search: "refund" })).rejects.toMatchObject({
      reason: "Unsupported",
      message: "A store cannot search: each provider defines its own search.",
    })
  })

  it("rejects a query with a malformed time", async () => {
    await expect(kept(stored(), { since: "yesterday" })).rejects.toMatchObject({
      reason: "InvalidQuery",
    })
  })

  const rejection = (query: LogQuery, options: StoredListOptions): Promise<unknown> =>
    kept(stored(), query, options).catch((error: unknown) => error)

  it.each([
    { timestamp: 1e300 },
    { timestamp: 9e15 + 1 },
    { timestamp: 0.5 },
    { connectionId: 1e300 },
    { connectionId: -1 },
    { connectionId: 2 ** 31 },
    { id: "a\0" },
    { id: "\ud800" },
  ])("rejects a crafted cursor with %j", async (crafted) => {
    for await (const entry of stored().entries({}, { limit: 1 })) {
      const [kind, body = ""] = entry.cursor().split(".")
      const place: object = JSON.parse(Buffer.from(body, "base64url").toString())
      const written = Buffer.from(JSON.stringify({ ...place, ...crafted })).toString("base64url")
      const sum = createHash("sha256").update(written).digest("base64url").slice(0, 11)
      expect(await rejection({}, { cursor: `${kind}.${written}.${sum}` })).toMatchObject({
        reason: "InvalidQuery",
        cursorFault: "malformed",
        message: "The cursor is malformed: its content cannot be read.",
      })
    }
  })

  it("rejects a cursor of another query, an altered one and a foreign one, and says which it is", async () => {
    const [cursor = ""] = await (async () => {
      for await (const entry of stored().entries({}, { limit: 1 })) return [entry.cursor()]
      return []
    })()
    const live = await clientOf(sources[0] ?? expect.fail()).page({ pageSize: 5 })
    const says = (cursorFault: CursorFault, message: string) => ({
      reason: "InvalidQuery",
      cursorFault,
      message: `The cursor ${message}.`,
    })
    const otherQueries: ReadonlyArray<readonly [LogQuery, StoredListOptions]> = [
      [{ status: ["failed"] }, { cursor }],
      [{ order: "oldest" }, { cursor }],
      [{}, { cursor, connections: ["dify"] }],
    ]
    for (const [query, options] of otherQueries) {
      expect(await rejection(query, options)).toMatchObject(
        says("other_query", "belongs to a different query (filters, order or connections changed)"),
      )
    }
    const flipped = cursor.replace(/(?<=^stored\..{9})./, (letter) => (letter === "A" ? "B" : "A"))
    for (const altered of [flipped, cursor.slice(0, -1), `${cursor}A`]) {
      expect(await rejection({}, { cursor: altered })).toMatchObject(
        says("altered", "was altered or cut off: its checksum does not match"),
      )
    }
    const others = [
      ["other_kind", live.next ?? ""],
      ["other_kind", ""],
      ["malformed", "stored."],
      ["malformed", `${cursor}.A`],
    ] as const
    for (const [fault, other] of others) {
      expect(await rejection({}, { cursor: other })).toMatchObject(
        says(fault, "is not from a store: it comes from a provider's list, or is malformed"),
      )
    }
    // include and pageSize are not part of the query.
    const options = { cursor, limit: 1 }
    expect(await kept(stored(), { include: ["steps"], pageSize: 3 }, options)).toHaveLength(1)
  })
})

describe.each(databases)("an execution stored in $name", ({ make }) => {
  it("returns an execution unchanged, whatever characters it contains", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const odd = "a\u0000b \ud800 \"' \\ 😀 é"
    const strange = execution(`id ${odd}`, {
      connection: "shop",
      workflow: { id: odd, name: odd, version: odd },
      actor: { kind: "end_user", id: odd, name: null, email: null },
      error: { message: odd.repeat(200), type: null, stepId: odd },
      startedAt: new Date(-1),
      listedAt: null,
      durationMs: 0.1,
      attributes: { [odd]: [odd, 1e308, -0.5, null] },
      raw: { [odd]: odd },
    })
    await store.sync(scripted({ pages: () => [page([strange])] }))
    expect((await store.get("shop", strange.id, ["raw"]))?.execution).toEqual(strange)
    expect(await kept(store, { workflowId: odd, actorId: odd, include: ["raw"] })).toEqual([
      strange,
    ])
  })
})
