import type { Execution, Rejected, Warning } from "@execlog/core"
import { fetchTransport, makeExecutions, Transport } from "@execlog/core/effect"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { recordingConsole } from "../kit/RecordedConsole.js"
import { connectionName } from "../kit/Subject.js"
import { type Fault, transport } from "./Fault.js"
import { type FaultyServer, isBefallen } from "./FaultyServer.js"
import { makeWitness } from "./Witness.js"

/** The start time of every trial. */
const start = Date.parse("2026-11-21T08:00:00Z")

/** The outcome of a walk or a `get`. */
export interface Observation {
  readonly executions: ReadonlyArray<Execution>
  readonly rejected: ReadonlyArray<Rejected>
  readonly warnings: ReadonlyArray<Warning>
  readonly exit: Exit.Exit<void, unknown>
  /** Its duration by the test clock, in milliseconds. */
  readonly elapsedMs: number
  /** The number of requests from the first broken one on. */
  readonly requests: number
  /** Every text to search for the key: values, cursors, log, spans, console. */
  readonly said: ReadonlyArray<unknown>
  /** Leftover sockets, timers and the like, in words; empty if none. */
  readonly left: ReadonlyArray<string>
  /** The number of requests to another origin. */
  readonly strayed: number
}

/** The step of the clock. */
const stepMs = 25

/**
 * Reads a target over real sockets with Effect's test clock. The clock advances only while everything
 * waits for it, so that waits and timeouts pass at once and real exchanges take no time.
 */
export const observe = async (
  server: FaultyServer,
  settings: Fault["transport"],
): Promise<Observation> => {
  const { target } = server
  const before = openResources()
  const witness = makeWitness()
  const executions: Array<Execution> = []
  const rejected: Array<Rejected> = []
  const warnings: Array<Warning> = []
  const cursors: Array<string> = []
  let inFlight = 0
  let sent = 0
  const fetching = fetchTransport((input, init) => globalThis.fetch(input, init))
  const counting = {
    exchange: (request: Parameters<typeof fetching.exchange>[0]) =>
      Effect.suspend(() => {
        inFlight++
        const { method, url } = request
        if (!isBefallen(target, { method, path: new URL(url).pathname })) {
          return fetching.exchange(request)
        }
        const index = sent++
        return Effect.andThen(
          Effect.promise(() => server.expect(index)),
          fetching.exchange(request),
        )
      }).pipe(Effect.ensuring(Effect.sync(() => inFlight--))),
  }
  const deadlineMs = settings?.deadlineMs ?? transport.deadlineMs
  const service = makeExecutions(target.connection, {
    name: connectionName,
    transport: { ...transport, ...settings },
  })
  const { list } = target
  const read =
    list === null
      ? Effect.map(service.get(target.victim, { include: ["raw"] }), (execution) => {
          executions.push(execution)
        })
      : Stream.runForEach(service.pages(list.query), (page) =>
          Effect.sync(() => {
            executions.push(...page.executions)
            rejected.push(...page.rejected)
            warnings.push(...page.warnings)
            if (page.next !== null) cursors.push(page.next)
          }),
        )
  const timed = Effect.gen(function* () {
    const from = yield* Clock.currentTimeMillis
    const exit = yield* Effect.exit(read)
    return { exit, elapsedMs: (yield* Clock.currentTimeMillis) - from }
  }).pipe(
    Effect.provideService(Transport, counting),
    // A scope of its own, to count forked fibres.
    (effect) => Effect.provide(effect, witness.services),
  )
  const isQuiet = () => inFlight === server.stalled()
  const driven = Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const fiber = yield* Effect.forkChild(timed)
    const isDone = () => fiber.pollUnsafe() !== undefined
    while (!isDone()) {
      const now = yield* Clock.currentTimeMillis
      if (now > start + 2 * deadlineMs) {
        yield* Fiber.interrupt(fiber)
        return { exit: Exit.die(new Error("It did not end.")), elapsedMs: now - start }
      }
      server.setTime(now)
      yield* Effect.promise(() => eventually("the server is quiet", () => isDone() || isQuiet()))
      if (!isDone()) yield* TestClock.adjust(stepMs)
    }
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide(TestClock.layer()))

  const { value, said } = await recordingConsole(() => Effect.runPromise(driven))
  const left = await leftBehind({
    "open sockets": server.sockets,
    "running fibres": witness.fibres,
    "sockets, timers and the like that keep the process alive": () =>
      surplus(before, openResources()),
  })
  return {
    ...value,
    executions,
    rejected,
    warnings,
    requests: sent - target.firstBroken,
    said: [...witness.texts(), ...said, ...cursors],
    left,
    strayed: server.strayed(),
  }
}

/** Turns of the event loop, for pending work. */
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A guard against a hanging test. */
const patienceMs = 10_000

/** Waits until a condition holds and stays so. Rejects if it never does. */
const eventually = async (what: string, holds: () => boolean): Promise<void> => {
  const from = performance.now()
  for (;;) {
    await turns(4)
    if (holds()) {
      await turns(4)
      if (holds()) return
    }
    if (performance.now() - from > patienceMs) throw new Error(`Timed out waiting until ${what}.`)
  }
}

/** The resources left after pending cleanup had time to finish. */
const leftBehind = async (counts: {
  readonly [what: string]: () => number
}): Promise<ReadonlyArray<string>> => {
  const isGone = () => Object.values(counts).every((count) => count() === 0)
  await eventually("nothing is left", isGone).catch(() => {})
  return Object.entries(counts)
    .filter(([, count]) => count() > 0)
    .map(([what, count]) => `${count()} ${what}`)
}

/** Sockets, timers and other resources that keep a process alive, without this file's immediates. */
const openResources = (): ReadonlyArray<string> =>
  process.getActiveResourcesInfo().filter((kind) => kind !== "Immediate")

/** The elements of a list that are not in another, counting duplicates. */
const surplus = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): number => {
  const known = [...before]
  return after.filter((kind) => {
    const at = known.indexOf(kind)
    if (at === -1) return true
    known.splice(at, 1)
    return false
  }).length
}
