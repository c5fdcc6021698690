import type { ExecutionStatus, Order } from "@execlog/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ServedAdapter } from "../kit/ProviderServer.js"
import { began, changes, history } from "./History.js"
import type { FilterName, Limits } from "./LimitedFetch.js"
import { brokenBy } from "./WalkPromise.js"
import { type MadeQuery, type MadeWalk, type Part, runWalk } from "./WalkRun.js"

const timeoutMs = 120_000

/**
 * Registers property tests of paging for each list endpoint and order of an adapter: a walk returns
 * everything listed at its start exactly once, while the list changes, the server clamps pages or
 * ignores filters, and the walk is stopped and resumed anywhere.
 *
 * Each property is tested with 1,000 made-up histories, or `WALK_RUNS` of the environment. A failing
 * history is shrunk and shown with its seed; `WALK_SEED` repeats that seed.
 *
 * @example
 * walkSuite(served)
 */
export const walkSuite = (served: ServedAdapter): void => {
  const numRuns = Number(process.env["WALK_RUNS"] ?? 1000)
  const seed = process.env["WALK_SEED"]
  const parameters = { numRuns, ...(seed === undefined ? {} : { seed: Number(seed) }) }
  for (const endpoint of served.endpoints) {
    for (const order of endpoint.orders) {
      const keeps = (walks: fc.Arbitrary<MadeWalk>) =>
        fc.assert(
          fc.asyncProperty(walks, async (walk) => {
            const outcome = await runWalk(served, endpoint, walk)
            expect(brokenBy(outcome)).toEqual([])
          }),
          parameters,
        )
      const list = { order, leastPage: endpoint.leastPage ?? 2 }
      describe(`a walk over ${endpoint.name}, ${order} first`, () => {
        it(
          "returns each execution once while the list changes",
          () => keeps(walkThat(served, list, { moves: true })),
          timeoutMs,
        )
        it(
          "returns what filtering in memory would when the list does not change",
          () => keeps(walkThat(served, list, { isFiltered: true })),
          timeoutMs,
        )
        it(
          "returns each execution once when the order within an instant changes with each request",
          () => keeps(walkThat(served, list, { shufflesTies: true })),
          timeoutMs,
        )
        it(
          "resumes wherever it was stopped, while the list changes",
          () => keeps(walkThat(served, list, { moves: true, isStopped: true })),
          timeoutMs,
        )
      })
    }
  }
}

interface Kind {
  readonly moves?: true
  readonly isFiltered?: true
  readonly isStopped?: true
  readonly shufflesTies?: true
}

const walkThat = (
  { mostDelayMs }: ServedAdapter,
  { order, leastPage }: { readonly order: Order; readonly leastPage: number },
  kind: Kind,
): fc.Arbitrary<MadeWalk> => {
  const { moves = false, isFiltered = false, isStopped = false, shufflesTies = false } = kind
  return fc.record({
    history: history(mostDelayMs, 24),
    query: query(order, isFiltered || moves),
    changes: moves ? changes(mostDelayMs) : fc.constant([]),
    limits: limits(moves, shufflesTies, leastPage),
    parts: isStopped ? fc.array(part, { minLength: 1, maxLength: 4 }) : fc.constant([]),
    shufflesTies: fc.constant(shufflesTies),
  })
}

const statuses = fc.uniqueArray(
  fc.constantFrom<ExecutionStatus>("succeeded", "failed", "running", "canceled", "unknown"),
  { minLength: 1 },
)

const query = (order: Order, isFiltered: boolean): fc.Arbitrary<MadeQuery> => {
  const optional = <A>(values: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> =>
    isFiltered ? fc.option(values, { nil: undefined, freq: 1 }) : fc.constant(undefined)
  const whom = isFiltered ? fc.option(fc.nat({ max: 2 }), { freq: 1 }) : fc.constant(null)
  return fc
    .record({
      workflow: whom,
      actor: whom,
      status: optional(statuses),
      since: optional(fc.nat({ max: 6 })),
      until: optional(fc.nat({ max: 8 })),
      pageSize: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(undefined, 20)),
    })
    .map(({ workflow, actor, status, since, until, pageSize }) => {
      const from = since === undefined ? undefined : began + since * 1000
      const to =
        until === undefined ? undefined : Math.max(began + until * 1000, (from ?? began) + 1)
      return {
        workflow,
        actor,
        order,
        status,
        since: from === undefined ? undefined : new Date(from),
        until: to === undefined ? undefined : new Date(to),
        pageSize,
      }
    })
}

const filters: ReadonlyArray<FilterName> = ["workflowId", "status", "actorId", "since", "until"]

const limits = (moves: boolean, shufflesTies: boolean, leastPage: number): fc.Arbitrary<Limits> => {
  const changing = fc.array(fc.integer({ min: leastPage, max: Math.max(9, leastPage) }), {
    maxLength: 4,
  })
  // In an unchanging list, pages may be of any size, if it stays the same.
  const constant = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 1 })
  const clamps = moves ? changing : fc.oneof(changing, constant)
  return fc.record({
    clamps: shufflesTies ? fc.constant([]) : clamps,
    ignores: fc.subarray([...filters]),
    ignoresFrom: fc.constantFrom(0, 0, 1, 2, 3, 5),
  })
}

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ by: fc.constant("page" as const), pages: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    by: fc.constant("pages" as const),
    failsAt: fc.oneof(fc.nat({ max: 4 }), fc.nat({ max: 30 })),
    parallelWindows: fc.constantFrom(1, 3, 8),
  }),
  fc.record({ by: fc.constant("entries" as const), limit: fc.integer({ min: 1, max: 9 }) }),
)
