import type { Execution } from "@execlog/core"
import fc from "fast-check"
import { afterAll, describe, expect, it } from "vitest"
import type { Store, SyncOptions } from "../src/index.js"
import { databases } from "./Databases.js"
import { readLive, type SimulatedHistory, sources, startEmpty } from "./Providers.js"
import { inPages } from "./SmallHistory.js"
import { now } from "./StandingClock.js"
import { kept, storeOf } from "./StoreOf.js"

/** Events between two syncs, or within one before a response. */
type Change =
  | { readonly what: "start" | "add"; readonly secondsAgo: number }
  | { readonly what: "finish" | "delete" | "retry"; readonly which: number }

const which = fc.nat({ max: 30 })
const secondsAgo = fc.nat({ max: 200 })
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constantFrom("start", "add"), secondsAgo }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("finish"), which }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("delete", "retry"), which }) },
)

/** A sync that is stopped before a request of it, or goes to its end. */
const round = fc.record({
  before: fc.array(change, { maxLength: 6 }),
  within: fc.array(change, { maxLength: 3 }),
  stopsAt: fc.option(fc.nat({ max: 4 })),
  fails: fc.boolean(),
})

const pageSize = 3

/** Applies changes to a history, and notes what it lists then. */
const makeWorld = (history: SimulatedHistory) => {
  const runs = new Set<string>()
  const ended = new Set<string>()
  const deleted = new Set<string>()
  const takes = (from: ReadonlySet<string>, which: number) => [...from][which % from.size]
  let clock = now - 600_000
  const apply = ({ what, ...how }: Change): void => {
    clock += 1000
    if ("secondsAgo" in how) {
      // Some appear late, though not later than a sync looks back.
      const id = history[what === "start" ? "start" : "add"](clock - how.secondsAgo * 1000)
      ;(what === "start" ? runs : ended).add(id)
      return
    }
    const from = what === "finish" ? runs : what === "retry" ? ended : new Set([...runs, ...ended])
    const id = takes(from, how.which)
    if (id === undefined) return
    if (what === "delete") {
      history.delete(id)
      deleted.add(id)
      runs.delete(id)
      ended.delete(id)
    } else if (what === "finish") {
      history.finish(id, clock)
      runs.delete(id)
      ended.add(id)
    } else if (history.retry !== null) {
      history.retry(id, clock)
      ended.delete(id)
      runs.add(id)
    }
  }
  return { apply, deleted }
}

/** The data of the list; `get` returns more for some executions. */
const listed = ({
  id,
  status,
  providerStatus,
  startedAt,
  finishedAt,
  listedAt,
  workflow,
}: Execution) => ({
  id,
  status,
  providerStatus,
  startedAt,
  finishedAt,
  listedAt,
  workflow: workflow.id,
})

const byId = (executions: ReadonlyArray<Execution>) =>
  executions.map(listed).toSorted((a, b) => (a.id < b.id ? -1 : 1))

const store = async (kind: (typeof databases)[number]) => {
  const database = await kind.make()
  const opened = await storeOf(database)
  afterAll(async () => {
    await opened.close()
    await database[Symbol.asyncDispose]()
  })
  return opened
}

describe.each(databases)("a store in $name", (kind) => {
  const opened: { store?: Promise<Store> } = {}
  it.each(sources)(
    "stores the last state of everything that $name lists when syncs are stopped at random",
    async ({ name, historyOf }) => {
      opened.store ??= store(kind)
      const into = await opened.store
      let connections = 0
      await fc.assert(
        fc.asyncProperty(fc.array(round, { maxLength: 4 }), async (rounds) => {
          const simulator = await startEmpty()
          const history = historyOf(simulator)
          const world = makeWorld(history)
          const connection = `${name} ${++connections}`
          const sync = async (options: SyncOptions, gate = () => {}) => {
            const fetch: typeof globalThis.fetch = (...request) => {
              gate()
              return simulator.fetch(...request)
            }
            const client = history.client({ name: connection, fetch })
            return into.sync(inPages(client, pageSize), { onWarning: () => {}, ...options })
          }
          for (const { before, within, stopsAt, fails } of rounds) {
            before.forEach(world.apply)
            const stop = new AbortController()
            let requests = 0
            const gate = () => {
              const change = within[requests]
              if (change !== undefined) world.apply(change)
              requests += 1
              if (requests - 1 !== stopsAt) return
              if (fails) throw new TypeError("fetch failed")
              stop.abort()
            }
            await sync({ signal: stop.signal }, gate).catch((error: unknown) => {
              expect(error).toMatchObject({ reason: "Transport" })
            })
          }
          const last = await sync({})
          expect(last.isStopped).toBe(false)
          // Terminal executions are requested again only by a full sync, and may restart.
          if (history.retry !== null) await sync({ full: true })
          const live = await readLive(history.client())
          const found = await kept(into, {}, { connections: [connection] })
          const isThere = ({ id }: Execution) => !world.deleted.has(id)
          expect(byId(found.filter(isThere))).toEqual(byId(live))
          expect(await sync({})).toMatchObject({ added: 0, changed: 0 })
        }),
        { numRuns: kind.name === "SQLite" ? 40 : 12 },
      )
    },
  )
})
