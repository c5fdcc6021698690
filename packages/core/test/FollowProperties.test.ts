import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import fc from "fast-check"
import type { Connection } from "../src/adapter.js"
import type { Change } from "../src/index.js"
import {
  byNumber,
  byTime,
  changingServer,
  changingTransport,
  type ChangingRow,
  type ChangingServer,
  withoutGet,
} from "./ChangingProvider.js"
import { epoch, followed, minute } from "./FollowedHistory.js"

const words = { new: "queued", going: "running", ok: "succeeded", bad: "failed" } as const
type State = ChangingRow["state"]

const state = fc.constantFrom<State>("going", "ok", "bad")

/** The changes to a history before a poll. */
const happening = fc.record({
  /** Rows that appear now, listed up to nine minutes ago. */
  inserted: fc.array(fc.record({ late: fc.integer({ min: 0, max: 9 }), state }), { maxLength: 4 }),
  moved: fc.array(fc.nat(), { maxLength: 5 }),
  /** The request from which the poll fails; null if it succeeds. */
  fails: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 2 }),
})
type Happening = typeof happening extends fc.Arbitrary<infer A> ? A : never
const stories = fc.array(happening, { minLength: 1, maxLength: 25 })

const histories = fc
  .array(fc.record({ ago: fc.integer({ min: 1, max: 120 }), state }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((history) =>
    history
      .toSorted((a, b) => b.ago - a.ago)
      .map((row, index): ChangingRow => ({
        number: index + 1,
        at: epoch - row.ago * minute,
        state: row.state,
      })),
  )

/** Whether the provider can still show that a running row changed. */
type Reach = (row: ChangingRow, now: number, isNew: boolean) => boolean

/** Plays a story on a server, and collects the changes that each row is expected to report. */
const play = (server: ChangingServer, story: ReadonlyArray<Happening>, reach: Reach) => {
  const count = server.rows.length
  const expected: Record<string, Array<string>> = {}
  const book = (row: ChangingRow): ChangingRow => {
    const reported = (expected[row.number] ??= [])
    reported.push(words[row.state])
    return row
  }
  const movedOn = (row: ChangingRow, now: number): ChangingRow => {
    if (row.state === "going" && reach(row, now, row.number > count)) {
      return book({ ...row, state: row.number % 2 === 0 ? "ok" : "bad" })
    }
    // A retry under the same number, soon after it was listed.
    return row.state === "bad" && row.at > now - 8 * minute ? book({ ...row, state: "going" }) : row
  }
  const calm = () => {
    delete server.intercept
  }
  const steps = story.flatMap(({ inserted, moved, fails }) => {
    const happens = (now: number) => {
      calm()
      const chosen = new Set(moved.map((one) => (one % server.rows.length) + 1))
      server.rows = [
        ...server.rows.map((row) => (chosen.has(row.number) ? movedOn(row, now) : row)),
        ...inserted.map(({ late, state: word }, index) =>
          book({
            number: server.rows.length + 1 + index,
            at: now - late * minute,
            state: word,
          }),
        ),
      ]
      if (fails === null) return
      let requests = 0
      server.intercept = () => (requests++ >= fails ? { status: 503, body: {} } : undefined)
    }
    // A change that a failing poll missed lasts until the next poll.
    return fails === null ? [happens] : [happens, calm]
  })
  return { steps, expected }
}

const reportedById = (changes: ReadonlyArray<Change>) => {
  const reported: Record<string, Array<string>> = {}
  for (const { execution } of changes) (reported[execution.id] ??= []).push(execution.status)
  return reported
}

const listing = ({ execution }: Change): number =>
  (execution.listedAt ?? execution.startedAt)?.getTime() ?? 0

const key = { apiKey: "canary-changing-1" }

describe("client.follow", () => {
  it.effect.each<[string, Connection, Reach]>([
    [
      "from a list by time, with get",
      byTime(key),
      // The baseline does not reach a row that was listed earlier.
      (row, _, isNew) => isNew || row.at > epoch - 9 * minute,
    ],
    ["from a list by numbers that omits running executions", byNumber(key), () => true],
    [
      "from a list without get, as far down as it is read",
      withoutGet(key),
      (row, now) => row.at > now - 8 * minute,
    ],
  ])(
    "reports each change that lasts over a poll once, in order, %s",
    ([, connection, reach]) =>
      Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(
            histories,
            stories,
            fc.integer({ min: 2, max: 6 }),
            async (rows, story, clamp) => {
              const server = { ...changingServer(rows), clamp }
              const baseline = new Map(rows.map((row) => [String(row.number), words[row.state]]))
              const { steps, expected } = play(server, story, reach)
              const options = { intervalMs: minute, onWarning: () => {} }
              const { changes, failure } = await Effect.runPromise(
                followed(connection, changingTransport(server), steps, options).pipe(
                  Effect.provide(TestClock.layer()),
                ),
              )
              expect(failure.reason).toBe("Authentication")
              expect(reportedById(changes)).toEqual(expected)
              const last = new Map<string, string>(baseline)
              for (const { execution, previous } of changes) {
                expect(previous?.status).toBe(last.get(execution.id))
                last.set(execution.id, execution.status)
              }
              for (const [index, change] of changes.entries()) {
                const next = changes[index + 1]
                if (next?.observedAt.getTime() !== change.observedAt.getTime()) continue
                expect(listing(next)).toBeGreaterThanOrEqual(listing(change))
              }
            },
          ),
          { numRuns: 60 },
        ),
      ),
    60_000,
  )
})
