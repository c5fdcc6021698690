import fc from "fast-check"
import type { MadeExecution } from "../kit/ProviderServer.js"

/** The instant around which histories are made up. */
export const began = Date.parse("2026-11-21T07:00:00Z")

// Few instants and many executions, so that most share an instant.
const instant = fc
  .tuple(fc.nat({ max: 6 }), fc.constantFrom(0, 0, 250))
  .map(([second, fraction]) => began + second * 1000 + fraction)

/** An execution. It shrinks to one instant, no delay, one workflow and one actor. */
const execution = (mostDelayMs: number): fc.Arbitrary<MadeExecution> => {
  const delay = fc.constantFrom(0, 0, 1, 1500, mostDelayMs - 1, mostDelayMs)
  return fc.record({
    startedAt: instant,
    durationMs: fc.oneof(fc.constantFrom(0, 1, 1000, 2500, mostDelayMs), fc.constant(null)),
    outcome: fc.constantFrom("succeeded", "failed"),
    delayMs: delay,
    workflow: fc.nat({ max: 2 }),
    actor: fc.nat({ max: 2 }),
  })
}

/** A history of up to `most` executions. */
export const history = (
  mostDelayMs: number,
  maxLength: number,
): fc.Arbitrary<ReadonlyArray<MadeExecution>> =>
  fc.array(execution(mostDelayMs), { maxLength, size: "max" })

/** A change to a list between two requests. */
export type Change =
  | {
      readonly change: "insert"
      /** How long after the newest execution it is listed; 0 for the same instant. */
      readonly later: number
      readonly execution: MadeExecution
    }
  /** Which execution, by its index. */
  | { readonly change: "delete" | "deleteInstant"; readonly which: number }
  | {
      readonly change: "finish"
      readonly which: number
      readonly outcome: MadeExecution["outcome"]
    }

const which = fc.nat({ max: 40 })

const change = (mostDelayMs: number): fc.Arbitrary<Change> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        change: fc.constant("insert"),
        later: fc.constantFrom(0, 0, 250, 1000),
        execution: execution(mostDelayMs),
      }),
    },
    { weight: 4, arbitrary: fc.record({ change: fc.constant("delete"), which }) },
    { weight: 1, arbitrary: fc.record({ change: fc.constant("deleteInstant"), which }) },
    {
      weight: 3,
      arbitrary: fc.record({
        change: fc.constant("finish"),
        which,
        outcome: fc.constantFrom("succeeded", "failed"),
      }),
    },
  )

/** The changes before the second request, the third, and so on. */
export const changes = (mostDelayMs: number): fc.Arbitrary<ReadonlyArray<ReadonlyArray<Change>>> =>
  fc.array(fc.array(change(mostDelayMs), { maxLength: 3 }), { maxLength: 16, size: "max" })
