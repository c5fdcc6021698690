import { AdapterError, createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { emptySummary, ExecutionStore, type ExecutionStoreService } from "@execlog/store"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { overdueSyncs } from "../src/syncing/OverdueSyncs.js"
import { type SyncedConnection, Syncs } from "../src/syncing/Syncs.js"

const second = 1000
const minute = 60 * second

/** What becomes of a sync, and how long it takes. */
interface Outcome {
  readonly takesMs?: number
  readonly failsWith?: AdapterError | Error
}

/** A sync that was done: of which connection, and when. */
interface Done {
  readonly name: string
  readonly at: number
  readonly endedAt: number
}

const unused = Effect.die("it is not used here")

/** A store whose syncs have these outcomes. */
const scriptedStore = (outcomeOf: (name: string, index: number) => Outcome, done: Array<Done>) => {
  const sync: ExecutionStoreService["sync"] = ({ name }) =>
    Effect.gen(function* () {
      const of = name ?? ""
      const { takesMs = 0, failsWith } = outcomeOf(of, done.filter((one) => one.name === of).length)
      const at = yield* Clock.currentTimeMillis
      yield* Effect.sleep(takesMs)
      done.push({ name: of, at, endedAt: at + takesMs })
      if (AdapterError.is(failsWith)) return yield* failsWith
      if (failsWith !== undefined) return yield* Effect.die(failsWith)
      return emptySummary(of, "scripted")
    })
  return Layer.succeed(
    ExecutionStore,
    ExecutionStore.of({
      sync,
      executions: () => Stream.die("it is not used here"),
      entries: () => Stream.die("it is not used here"),
      statisticRows: () => Stream.die("it is not used here"),
      get: () => unused,
      connections: () => unused,
      rejected: () => unused,
      lastChange: () => unused,
      changes: () => unused,
      followerPosition: () => unused,
      setFollowerPosition: () => unused,
      deliveryTries: () => unused,
      setDelivery: () => unused,
      undelivered: () => unused,
    }),
  )
}

const connectionOf = (name: string, intervalMs: number): SyncedConnection => ({
  name,
  provider: "scripted",
  open: () => Promise.resolve(createClient(dify({ apiKey: "canary-dify-1" }), { name })),
  intervalMs,
})

const failure = (retryAfterMs: number | null = null) =>
  new AdapterError({ reason: "Unavailable", message: "It is down.", retryAfterMs })

/** Runs syncs with a clock that is moved by the test, and gives what was done. */
const withSyncs = async (
  connections: ReadonlyArray<SyncedConnection>,
  outcomeOf: (name: string, index: number) => Outcome,
  act: Effect.Effect<void, never, Syncs>,
): Promise<ReadonlyArray<Done>> => {
  const done: Array<Done> = []
  await act.pipe(
    Effect.provide(
      Syncs.layer(connections, Effect.void).pipe(Layer.provide(scriptedStore(outcomeOf, done))),
    ),
    Effect.provide(Layer.merge(TestClock.layer(), Logger.layer([]))),
    Effect.runPromise,
  )
  return done
}

const startsOf = (done: ReadonlyArray<Done>, name: string) =>
  done.filter((one) => one.name === name).map(({ at }) => at)

describe("syncs of a server", () => {
  it("begin at once, and again after each connection's own interval", async () => {
    const done = await withSyncs(
      [connectionOf("a", 10 * second), connectionOf("b", 25 * second)],
      () => ({}),
      TestClock.adjust(minute),
    )
    expect(startsOf(done, "a")).toEqual([0, 10, 20, 30, 40, 50, 60].map((at) => at * second))
    expect(startsOf(done, "b")).toEqual([0, 25, 50].map((at) => at * second))
  })

  it("of one connection follow each other when one takes longer than the interval", async () => {
    const done = await withSyncs(
      [connectionOf("a", 10 * second)],
      () => ({ takesMs: 15 * second }),
      TestClock.adjust(minute),
    )
    expect(startsOf(done, "a")).toEqual([0, 25 * second])
  })

  it("wait twice as long after each failure, a quarter of an hour at most", async () => {
    const done = await withSyncs(
      [connectionOf("a", minute)],
      () => ({ failsWith: failure() }),
      TestClock.adjust(100 * minute),
    )
    const starts = startsOf(done, "a")
    const pauses = starts.slice(1).map((at, index) => (at - (starts[index] ?? 0)) / minute)
    for (const [index, wanted] of [1, 2, 4, 8, 15, 15].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(0.9 * wanted)
      expect(pauses[index]).toBeLessThanOrEqual(1.1 * wanted)
    }
  })

  it("wait as long as the provider asks for", async () => {
    const done = await withSyncs(
      [connectionOf("a", second)],
      (_, index) => (index === 0 ? { failsWith: failure(5 * minute) } : {}),
      TestClock.adjust(5 * minute),
    )
    expect(startsOf(done, "a")).toEqual([0, 5 * minute])
  })

  it("go on at the interval after a failure that has passed, and with those that did not fail", async () => {
    const done = await withSyncs(
      [connectionOf("a", 10 * second), connectionOf("b", 10 * second)],
      (name, index) => (name === "a" && index < 3 ? { failsWith: failure() } : {}),
      TestClock.adjust(3 * minute),
    )
    expect(startsOf(done, "b")).toHaveLength(19)
    const last = startsOf(done, "a").slice(-3)
    expect((last[1] ?? 0) - (last[0] ?? 0)).toBe(10 * second)
  })

  it("show why a connection fails and since when, and nothing of it once it is well", async () => {
    const shown: Array<unknown> = []
    const show = Effect.flatMap(Syncs, ({ states }) =>
      Effect.map(states, (all) => void shown.push(all.get("a"))),
    )
    await withSyncs(
      [connectionOf("a", minute)],
      (_, index) => (index < 2 ? { failsWith: failure() } : {}),
      TestClock.adjust(0).pipe(
        Effect.andThen(show),
        Effect.andThen(TestClock.adjust(1.2 * minute)),
        Effect.andThen(show),
        Effect.andThen(TestClock.adjust(3 * minute)),
        Effect.andThen(show),
      ),
    )
    expect(shown).toMatchObject([
      { failing: { code: "Unavailable", message: "It is down.", since: 0, count: 1 } },
      { failing: { since: 0, count: 2 } },
      { failing: null, completed: 2 },
    ])
    expect(shown.at(-1)).toMatchObject({ failures: new Map([["Unavailable", 2]]) })
  })

  it("survive a fault of a client", async () => {
    const done = await withSyncs(
      [connectionOf("a", 10 * second)],
      (_, index) => (index === 0 ? { failsWith: new Error("a bug") } : {}),
      TestClock.adjust(minute),
    )
    expect(done.length).toBeGreaterThan(3)
  })

  it("begin before their time when they are asked for, once for many who ask", async () => {
    const done = await withSyncs(
      [connectionOf("a", 10 * minute)],
      () => ({ takesMs: 5 * second }),
      Effect.gen(function* () {
        const { syncNow } = yield* Syncs
        yield* TestClock.adjust(minute)
        expect(yield* syncNow("a")).toBe(true)
        // While it runs: what changed since it began may not be in it.
        yield* TestClock.adjust(2 * second)
        for (let count = 0; count < 5; count++) yield* syncNow("a")
        yield* TestClock.adjust(minute)
        expect(yield* syncNow("none")).toBe(false)
      }),
    )
    expect(startsOf(done, "a")).toEqual([0, minute, minute + 6 * second])
  })

  it("never overlap, leave a provider alone for a second, and always go on", async () => {
    const outcome = fc.record({
      takesMs: fc.integer({ min: 0, max: 40 * second }),
      fails: fc.boolean(),
      waits: fc.option(fc.integer({ min: 0, max: minute })),
    })
    const step = fc.record({ passMs: fc.integer({ min: 0, max: minute }), asks: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(
        fc.array(outcome, { minLength: 1 }),
        fc.array(step, { maxLength: 20 }),
        fc.integer({ min: second, max: minute }),
        async (outcomes, steps, intervalMs) => {
          const done = await withSyncs(
            [connectionOf("a", intervalMs)],
            (_, index) => {
              const { takesMs = 0, fails, waits } = outcomes[index % outcomes.length] ?? {}
              return fails === true ? { takesMs, failsWith: failure(waits) } : { takesMs }
            },
            Effect.gen(function* () {
              const { syncNow } = yield* Syncs
              for (const { passMs, asks } of steps) {
                if (asks) yield* syncNow("a")
                yield* TestClock.adjust(passMs)
              }
              yield* TestClock.adjust(20 * minute)
            }),
          )
          for (const [index, { at }] of done.slice(1).entries()) {
            expect(at - (done[index]?.endedAt ?? 0)).toBeGreaterThanOrEqual(second)
          }
          const last = done.at(-1)?.at ?? 0
          const end = steps.reduce((sum, { passMs }) => sum + passMs, 20 * minute)
          expect(end - last).toBeLessThan(18 * minute)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe("overdueSyncs", () => {
  const state = {
    name: "a",
    provider: "dify",
    intervalMs: minute,
    startedAt: 0,
    isSyncing: false,
    nextAt: null,
    completedAt: null,
    failing: null,
    warnings: [],
    completed: 0,
    failures: new Map(),
  }
  const failing = {
    code: "Timeout",
    message: "",
    hint: null,
    retryAfterMs: null,
    since: 0,
    count: 3,
  } as const

  it.each([
    ["that was synced within three intervals", { intervalMs: 10 * minute, completedAt: 0 }, 30, []],
    ["that was not synced for longer", { intervalMs: 10 * minute, completedAt: 0 }, 31, ["a"]],
    ["with a short interval for five minutes", { completedAt: 0 }, 5, []],
    ["with a short interval for longer", { completedAt: 0 }, 6, ["a"]],
    ["whose first sync takes hours", { isSyncing: true }, 300, []],
    ["that never succeeded", { failing }, 6, ["a"]],
    ["that is tried again after failures", { failing, isSyncing: true }, 6, ["a"]],
  ])("names a connection %s only if it should", (_, by, minutes, expected) => {
    expect(overdueSyncs(new Map([["a", { ...state, ...by }]]), minutes * minute)).toEqual(expected)
  })
})
