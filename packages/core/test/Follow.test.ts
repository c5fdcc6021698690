import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { TransportService } from "../src/effect.js"
import type { Warning } from "../src/index.js"
import {
  byNumber,
  byTime,
  changingServer,
  changingTransport,
  type ChangingRow,
  withoutGet,
} from "./ChangingProvider.js"
import { type Event, eventful, eventsAt } from "./EventfulProvider.js"
import { epoch, followed, minute, changeTexts } from "./FollowedHistory.js"

const key = { apiKey: "canary-changing-1" }
const timed = byTime(key)
const numbered = byNumber(key)

/** A step that changes rows: it adds rows, or gives a row a new state by its number. */
const change =
  (
    server: ReturnType<typeof changingServer>,
    make: (now: number) => {
      readonly rows?: ReadonlyArray<ChangingRow>
      readonly states?: Readonly<Record<number, ChangingRow["state"]>>
      readonly gone?: ReadonlyArray<number>
    },
  ) =>
  (now: number) => {
    const { rows = [], states = {}, gone = [] } = make(now)
    server.rows = [...server.rows, ...rows]
      .filter(({ number }) => !gone.includes(number))
      .map((row) => ({ ...row, state: states[row.number] ?? row.state }))
  }

const nothing = () => {}

/** Collects warnings, except that unfinished executions cannot be listed. */
const intoAll =
  (warnings: Array<string>) =>
  ({ code, text }: Warning) => {
    if (code !== "not_followed") warnings.push(text)
  }

describe("client.follow", () => {
  it.effect("reports what appears and what changes, but not what was there before", () =>
    Effect.gen(function* () {
      const server = changingServer([
        { number: 1, at: epoch - 2 * minute, state: "ok" },
        { number: 2, at: epoch - minute, state: "going" },
      ])
      const { changes, failure } = yield* followed(timed, changingTransport(server), [
        change(server, (now) => ({ rows: [{ number: 3, at: now, state: "new" }] })),
        nothing,
        change(server, (now) => ({
          rows: [{ number: 4, at: now, state: "ok" }],
          states: { 2: "bad", 3: "going" },
        })),
        change(server, () => ({ states: { 3: "ok" } })),
      ])
      assert.deepStrictEqual(changeTexts(changes), [
        "3 queued",
        "2 running → failed",
        "3 queued → running",
        "4 succeeded",
        "3 running → succeeded",
      ])
      assert.deepStrictEqual(changes[1]?.previous, { status: "running", providerStatus: "going" })
      assert.deepStrictEqual(
        changes.map(({ observedAt }) => observedAt.getTime() - epoch),
        [10_000, 30_000, 30_000, 30_000, 40_000],
      )
      assert.strictEqual(failure.reason, "Authentication")
    }),
  )

  it.effect("also reports what was listed since a time when asked to", () =>
    Effect.gen(function* () {
      const server = changingServer([
        { number: 1, at: epoch - 3 * minute, state: "ok" },
        { number: 2, at: epoch - 2 * minute, state: "ok" },
        // It started before the time, and was listed after it.
        { number: 3, at: epoch - minute, state: "going", started: epoch - 3 * minute },
      ])
      const since = new Date(epoch - 2 * minute)
      const { changes } = yield* followed(timed, changingTransport(server), [nothing], { since })
      assert.deepStrictEqual(changeTexts(changes), ["2 succeeded", "3 running"])
    }),
  )

  it.effect("reports a planned execution when it starts, but not as new", () =>
    Effect.gen(function* () {
      const later = epoch + 60 * minute
      const server = changingServer([
        { number: 1, at: later, state: "new", planned: true },
        // It was started before its planned time.
        { number: 3, at: later, state: "ok", started: epoch - minute },
      ])
      const { changes } = yield* followed(timed, changingTransport(server), [
        nothing,
        change(server, () => ({
          rows: [{ number: 2, at: later, state: "new", planned: true }],
          states: { 1: "going" },
        })),
      ])
      assert.deepStrictEqual(changeTexts(changes), ["1 queued → running", "2 queued"])
    }),
  )

  it.effect(
    "requests an unfinished execution by its id when it is listed too far down, until it ends",
    () =>
      Effect.gen(function* () {
        const server = changingServer([
          { number: 1, at: epoch - 9 * minute, state: "going" },
          { number: 2, at: epoch - 8 * minute, state: "ok" },
        ])
        const intervalMs = 5 * minute
        const steps = [
          change(server, (now) => ({ rows: [{ number: 3, at: now, state: "ok" }] })),
          nothing,
          change(server, () => ({ states: { 1: "bad" } })),
          nothing,
        ]
        const { changes } = yield* followed(timed, changingTransport(server), steps, { intervalMs })
        assert.deepStrictEqual(changeTexts(changes), ["3 succeeded", "1 running → failed"])
        // Keeps what only the list has, and omits what only get has.
        expect(changes[1]?.execution).toMatchObject({ attributes: { listed: true } })
        expect(changes[1]?.execution.listedAt).toEqual(new Date(epoch - 9 * minute))
        expect(changes[1]?.execution).not.toHaveProperty("outputs")
        assert.deepStrictEqual(server.got, ["1", "1"])
      }),
  )

  it.effect("returns the included parts of executions requested by their id", () =>
    Effect.gen(function* () {
      const server = changingServer([{ number: 1, at: epoch - 9 * minute, state: "going" }])
      const steps = [
        change(server, (now) => ({ rows: [{ number: 3, at: now, state: "going" }] })),
        change(server, () => ({ states: { 1: "bad" } })),
      ]
      const query = { include: ["outputs", "raw"] as const }
      const { changes } = yield* followed(timed, changingTransport(server), steps, {
        query,
        intervalMs: 5 * minute,
      })
      expect(changes[1]?.execution).toMatchObject({
        outputs: { of: 1 },
        raw: { number: 1, state: "bad" },
      })
    }),
  )

  it.effect("applies the status filter only when it reports, so that no end is missed", () =>
    Effect.gen(function* () {
      const server = changingServer([{ number: 1, at: epoch - 9 * minute, state: "going" }])
      const steps = [
        change(server, (now) => ({ rows: [{ number: 2, at: now, state: "going" }] })),
        change(server, () => ({ states: { 1: "bad", 2: "ok" } })),
      ]
      const query = { status: ["failed"] as const }
      const { changes } = yield* followed(timed, changingTransport(server), steps, {
        query,
        intervalMs: 5 * minute,
      })
      assert.deepStrictEqual(changeTexts(changes), ["1 running → failed"])
    }),
  )

  it.effect.each([
    { providerStatus: "bad" },
    { attributes: { listed: true }, status: ["failed"] },
  ] as const)(
    "applies %j only when it reports, because the value may change until the end",
    (query) =>
      Effect.gen(function* () {
        const server = changingServer([{ number: 1, at: epoch - 9 * minute, state: "going" }])
        const steps = [
          change(server, (now) => ({ rows: [{ number: 2, at: now, state: "going" }] })),
          change(server, () => ({ states: { 1: "bad", 2: "ok" } })),
        ]
        const { changes } = yield* followed(timed, changingTransport(server), steps, {
          query,
          intervalMs: 5 * minute,
        })
        assert.deepStrictEqual(changeTexts(changes), ["1 running → failed"])
      }),
  )

  it.effect("sends the other filters to the provider", () =>
    Effect.gen(function* () {
      const server = changingServer([])
      const steps = [
        change(server, (now) => ({
          rows: [
            { number: 1, at: now, state: "ok", workflow: "a" },
            { number: 2, at: now, state: "ok", workflow: "b" },
          ],
        })),
      ]
      const query = { workflowId: "b" }
      const { changes } = yield* followed(timed, changingTransport(server), steps, { query })
      assert.deepStrictEqual(changeTexts(changes), ["2 succeeded"])
      assert.isTrue(server.asked.every((sent) => sent.get("workflow") === "b"))
    }),
  )

  it.effect(
    "also requests the statuses that the list omits when the provider can filter by them",
    () =>
      Effect.gen(function* () {
        const old = epoch - 5 * 60 * minute
        const server = changingServer([
          { number: 1, at: old, state: "going" },
          { number: 2, at: epoch - minute, state: "ok" },
        ])
        const { changes } = yield* followed(numbered, changingTransport(server), [
          change(server, (now) => ({
            rows: [
              { number: 3, at: now, state: "going" },
              { number: 4, at: now, state: "new" },
            ],
          })),
          // An execution that waits for hours is listed only once it continues.
          change(server, () => ({
            rows: [{ number: 5, at: old, state: "going" }],
            states: { 1: "ok" },
          })),
          change(server, () => ({ states: { 3: "bad", 4: "going" } })),
          nothing,
        ])
        assert.deepStrictEqual(changeTexts(changes), [
          "3 running",
          "1 running → succeeded",
          "5 running",
          "3 running → failed",
          "4 running",
        ])
        const states = new Set(server.asked.map((sent) => sent.get("state")))
        assert.deepStrictEqual(states, new Set(["going", null]))
      }),
  )

  it.effect("stops requesting an execution that has not ended after a long time", () =>
    Effect.gen(function* () {
      const server = changingServer([
        { number: 1, at: epoch - 30 * minute, state: "going" },
        { number: 2, at: epoch - 10 * minute, state: "going" },
      ])
      const options = { lookBackMs: 5 * minute, staleAfterMs: 35 * minute, intervalMs: 10 * minute }
      const since = new Date(epoch - 40 * minute)
      const steps = [
        change(server, (now) => ({ rows: [{ number: 3, at: now, state: "ok" }] })),
        nothing,
        change(server, (now) => ({ rows: [{ number: 4, at: now, state: "ok" }] })),
      ]
      const { changes } = yield* followed(timed, changingTransport(server), steps, {
        ...options,
        since,
      })
      assert.deepStrictEqual(changeTexts(changes), [
        "1 running",
        "2 running",
        "3 succeeded",
        "4 succeeded",
      ])
      assert.deepStrictEqual(server.got, ["2"])
    }),
  )

  it.effect("forgets an execution that the provider no longer knows, with one warning", () =>
    Effect.gen(function* () {
      const server = changingServer([{ number: 1, at: epoch - 9 * minute, state: "going" }])
      const warnings: Array<string> = []
      const onWarning = intoAll(warnings)
      const steps = [
        change(server, (now) => ({ rows: [{ number: 2, at: now, state: "ok" }] })),
        change(server, () => ({ gone: [1] })),
        nothing,
        nothing,
      ]
      const options = { onWarning, intervalMs: 5 * minute }
      const { changes } = yield* followed(timed, changingTransport(server), steps, options)
      assert.deepStrictEqual(changeTexts(changes), ["2 succeeded"])
      assert.deepStrictEqual(server.got, ["1"])
      assert.lengthOf(warnings, 1)
      assert.match(warnings[0] ?? "", /no execution 1|404.*Execution 1 is no longer requested/)
    }),
  )

  it.effect(
    "ignores an execution that left the list when the provider cannot get one by its id",
    () =>
      Effect.gen(function* () {
        const server = changingServer([{ number: 1, at: epoch - 9 * minute, state: "going" }])
        const warnings: Array<string> = []
        const options = { onWarning: intoAll(warnings) }
        const steps = [
          change(server, (now) => ({ rows: [{ number: 2, at: now, state: "ok" }], gone: [1] })),
          nothing,
        ]
        const { changes } = yield* followed(
          withoutGet(key),
          changingTransport(server),
          steps,
          options,
        )
        assert.deepStrictEqual(changeTexts(changes), ["2 succeeded"])
        assert.deepStrictEqual([server.got, warnings], [[], []])
      }),
  )

  it.effect.each([503, 429])(
    "continues after a temporary failure (%i) without losing a change",
    (status) =>
      Effect.gen(function* () {
        const server = changingServer([{ number: 1, at: epoch - minute, state: "going" }])
        const warnings: Array<string> = []
        const options = { onWarning: intoAll(warnings) }
        const fails = (on: boolean) => {
          server.intercept = on ? () => ({ status, body: {} }) : undefined
        }
        const { changes, failure } = yield* followed(
          timed,
          changingTransport(server),
          [
            () => fails(true),
            change(server, (now) => ({ rows: [{ number: 2, at: now, state: "going" }] })),
            (now) => {
              fails(false)
              change(server, () => ({
                rows: [{ number: 3, at: now, state: "ok" }],
                states: { 1: "ok" },
              }))(now)
            },
          ],
          options,
        )
        assert.deepStrictEqual(changeTexts(changes), [
          "1 running → succeeded",
          "2 running",
          "3 succeeded",
        ])
        assert.lengthOf(warnings, 1)
        assert.match(warnings[0] ?? "", /The next poll tries again\.$/)
        assert.strictEqual(failure.reason, "Authentication")
      }),
  )

  it.effect("reports an unreadable item once, and its execution once it is readable", () =>
    Effect.gen(function* () {
      const server = changingServer([])
      const rejected: Array<string | null> = []
      const bad: ChangingRow = { number: 1, at: epoch, state: "ok", broken: true }
      const { changes } = yield* followed(
        timed,
        changingTransport(server),
        [
          change(server, () => ({ rows: [bad] })),
          nothing,
          nothing,
          () => {
            server.rows = [{ ...bad, broken: false }]
          },
        ],
        { onRejected: ({ reason }) => void rejected.push(reason) },
      )
      assert.lengthOf(rejected, 1)
      assert.deepStrictEqual(changeTexts(changes), ["1 succeeded"])
    }),
  )

  it.effect("does not report a change when get omits the provider's word for a status", () =>
    Effect.gen(function* () {
      const server = changingServer([{ number: 1, at: epoch - 9 * minute, state: "going" }])
      const { get } = timed
      assert.isNotNull(get)
      const wordless = {
        ...get,
        execution: (...given: Parameters<typeof get.execution>) => {
          const draft = get.execution(...given)
          const status = draft.providerStatus === "going" ? "running" : "failed"
          return { ...draft, providerStatus: null, status } as const
        },
      }
      const steps = [
        change(server, (now) => ({ rows: [{ number: 2, at: now, state: "ok" }] })),
        nothing,
        // Now it is listed again, with its status word.
        change(server, () => ({ gone: [2] })),
        change(server, () => ({ states: { 1: "bad" } })),
      ]
      const connection = { ...timed, get: wordless }
      const options = { intervalMs: 5 * minute }
      const { changes } = yield* followed(connection, changingTransport(server), steps, options)
      assert.deepStrictEqual(changeTexts(changes), ["2 succeeded", "1 running → failed"])
      assert.deepStrictEqual(changes[1]?.previous, { status: "running", providerStatus: "going" })
    }),
  )

  it.effect("reports later executions after one that is listed far in the future", () =>
    Effect.gen(function* () {
      const server = changingServer([])
      const astray: ChangingRow = { number: 1, at: epoch + 3000 * minute, state: "ok" }
      const { changes } = yield* followed(timed, changingTransport(server), [
        change(server, () => ({ rows: [astray] })),
        change(server, (now) => ({ rows: [{ number: 2, at: now, state: "ok" }] })),
      ])
      assert.deepStrictEqual(changeTexts(changes), ["1 succeeded", "2 succeeded"])
    }),
  )

  it.effect("warns of a lasting failure once, however the server words it", () =>
    Effect.gen(function* () {
      const server = changingServer([])
      const warnings: Array<string> = []
      const options = { onWarning: intoAll(warnings) }
      let polls = 0
      const fail = (status: number) => () => {
        polls += 1
        const message = `down for ${polls} polls`
        server.intercept = () => ({ status, body: { message } })
      }
      const calm = () => {
        delete server.intercept
      }
      const steps = [fail(503), fail(503), fail(502), calm]
      yield* followed(timed, changingTransport(server), steps, options)
      assert.deepStrictEqual(
        warnings.map((text) => /\b50\d\b/.exec(text)?.[0]),
        ["503", "502"],
      )
    }),
  )

  it.effect("warns again when a failure returns after it had passed", () =>
    Effect.gen(function* () {
      const server = changingServer([])
      const warnings: Array<string> = []
      const options = { onWarning: intoAll(warnings) }
      const fail = () => {
        server.intercept = () => ({ status: 503, body: {} })
      }
      const calm = () => {
        delete server.intercept
      }
      const steps = [fail, nothing, calm, nothing, fail, calm]
      yield* followed(timed, changingTransport(server), steps, options)
      assert.lengthOf(warnings, 2)
    }),
  )

  it.effect("requests only what is new on each poll, even when the history is long", () =>
    Effect.gen(function* () {
      const old = Array.from({ length: 500 }, (_, index): ChangingRow => {
        const number = index + 1
        return { number, at: epoch - (501 - number) * minute, state: "ok" }
      })
      const server = changingServer(old)
      yield* followed(timed, changingTransport(server), [nothing, nothing], {
        query: { pageSize: 20 },
      })
      assert.isBelow(server.asked.length, 5)
    }),
  )

  it.effect.each<[object, object, string]>([
    [{ order: "oldest" }, {}, "Following requires the newest first"],
    [{ status: ["odd"] }, {}, "The query is not valid: status"],
    [{}, { intervalMs: 0 }, "The option intervalMs must be a whole number of at least 1, not 0."],
    [{}, { lookBackMs: -1 }, "The option lookBackMs must be a whole number of at least 0"],
    [{}, { staleAfterMs: 0.5 }, "The option staleAfterMs must be a whole number of at least 0"],
    [{}, { since: "2026-11-21" }, 'The option since must be a valid Date, not "2026-11-21".'],
    [
      {},
      { since: new Date(Number.NaN) },
      "The option since must be a valid Date, not Invalid Date.",
    ],
  ])("rejects the query %j with the options %j", ([query, options, message]) =>
    Effect.gen(function* () {
      const server = changingServer([])
      const { failure } = yield* followed(timed, changingTransport(server), [], {
        query,
        ...options,
      })
      expect(failure).toMatchObject({
        reason: "InvalidQuery",
        provider: "changing",
        connection: "shop",
        message: expect.stringContaining(message),
      })
      assert.lengthOf(server.asked, 0)
    }),
  )

  it.effect("fails when the provider cannot answer the query", () =>
    Effect.gen(function* () {
      const query = { search: "x" }
      const { failure } = yield* followed(timed, changingTransport(changingServer([])), [], {
        query,
      })
      assert.strictEqual(failure.reason, "Unsupported")
    }),
  )

  it.effect("does not reopen an ended execution when its start is read later", () =>
    Effect.gen(function* () {
      const at = epoch - Date.UTC(2026, 10, 21)
      const start: Event = { id: "e", at: at - 2 * minute, word: "start", start: at }
      const end: Event = { ...start, at: at + 5000, word: "end" }
      const events = [start]
      const served: TransportService = {
        exchange: ({ url }) =>
          Effect.sync(() => ({
            status: 200,
            headers: {},
            body: JSON.stringify(eventsAt(events, url)),
          })),
      }
      const { changes } = yield* followed(eventful({ apiKey: "canary-sample-1" }), served, [
        () => void events.push(end),
        () => void events.splice(0, 2, start),
        () => void events.push(end, { ...end, id: "f" }),
      ])
      assert.deepStrictEqual(changeTexts(changes), ["e running → succeeded", "f succeeded"])
    }),
  )
})
