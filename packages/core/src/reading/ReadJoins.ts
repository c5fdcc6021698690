import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Joined, JoinUse } from "../adapter/Connection.js"
import type { AdapterError, AdapterErrorReason } from "../model/AdapterError.js"
import { guarded, DecodeFault } from "../model/DecodeFault.js"
import { failureOf, type Warning, warningOf } from "../model/Warning.js"
import { Deadline } from "../transport/Deadline.js"
import type { Requests } from "../transport/Requests.js"
import { type ServerQuirks, noQuirks } from "../walk/ServerQuirks.js"
import { type Asking, gather, readPages, type RejectedJoinRow } from "./JoinPages.js"

/** The rows that the joins of a page returned. */
export interface JoinedRows {
  readonly rows: Joined
  /** Rows that could not be read: which item they belong to is unknown. */
  readonly rejected: ReadonlyArray<RejectedJoinRow>
  /** Why joins are missing in `rows`: the server rejected them, or failed on them. */
  readonly failures: ReadonlyArray<AdapterError>
  readonly warnings: ReadonlyArray<Warning>
  readonly learned: LearnedOfJoins
}

type LearnedOfJoins = Pick<ServerQuirks, "joinKeys" | "failingJoins">

/** For an endpoint without joins. */
export const nothingJoined: JoinedRows = {
  rows: {},
  rejected: [],
  failures: [],
  warnings: [],
  learned: noQuirks,
}

// Other failures, such as a wrong key or a broken connection, are not of the join alone.
const ofJoinAlone: ReadonlySet<AdapterErrorReason> = new Set([
  "Permission",
  "NotFound",
  "InvalidQuery",
  "Unavailable",
  "TooLarge",
  "Decode",
])

/** Failures that last for the walk. */
const lasting: ReadonlySet<AdapterErrorReason> = new Set(["Permission", "NotFound", "InvalidQuery"])

/**
 * Reads the rows that belong to the items of a page, in one request for all of them or a few. A join
 * that the server rejects or fails on is left out.
 */
export const readJoins = Effect.fnUntraced(function* (
  requests: Requests,
  uses: ReadonlyArray<JoinUse>,
  items: ReadonlyArray<unknown>,
  operation: string,
  learned: LearnedOfJoins = noQuirks,
) {
  const accepted = new Map(learned.joinKeys)
  const failing: Array<string> = []
  const warnings: Array<Warning> = []
  const failures: Array<AdapterError> = []
  const read = yield* Effect.forEach(
    uses,
    Effect.fnUntraced(function* ({ name, join, keys: keysOf }: JoinUse) {
      const most = accepted.get(name) ?? join.maxKeys
      if (most === 0) return []
      const keys = [...new Set(items.flatMap((item) => readKeys(keysOf, item)))]
      const isFailing = learned.failingJoins.includes(name)
      const asking = { requests, join, operation, isTrial: isFailing }
      // All share one end; if that is missed, each reports its own requests.
      const own = { ...(yield* Deadline), lastRequest: null, failure: null }
      const asked = yield* readAccepted(asking, keys, most).pipe(
        Effect.provideService(Deadline, own),
        Effect.result,
      )
      if (Result.isSuccess(asked)) {
        const found = asked.success
        if (found.most < most) {
          accepted.set(name, found.most)
          warnings.push(
            warningOf(
              "join_batch_reduced",
              `${join.route} rejected a request for ${most} keys; from here on at most ${found.most} are requested at once.`,
              { kind: "endpoint", name: join.route },
              found.most,
            ),
          )
        }
        return [{ name, ...found }]
      }
      const { failure } = asked
      if (!ofJoinAlone.has(failure.reason)) return yield* failure
      failures.push(failure)
      const isLasting = lasting.has(failure.reason)
      if (isLasting) accepted.set(name, 0)
      else failing.push(name)
      if (isFailing && !isLasting) return []
      warnings.push(
        warningOf(
          "join_failed",
          `${failure.message} Executions lack the data of ${join.route}${isLasting && operation === "list" ? ", which is no longer requested" : ""}.`,
          { kind: "endpoint", name: join.route },
          ...failureOf(failure),
        ),
      )
      return []
    }),
    { concurrency: "unbounded" },
  )
  const found = read.flat()
  return {
    rows: Object.fromEntries(found.map(({ name, rows }) => [name, rows])),
    rejected: found.flatMap(({ rejected }) => rejected),
    failures,
    warnings,
    learned: { joinKeys: accepted, failingJoins: failing },
  } satisfies JoinedRows
})

/** An item without readable keys gets no rows: it is rejected when it is mapped. */
const readKeys = (keysOf: JoinUse["keys"], item: unknown): ReadonlyArray<string> => {
  const keys = guarded(keysOf, item)
  return keys instanceof DecodeFault ? [] : keys
}

/** If so many keys are rejected, requests fewer at once: one key shows whether any are accepted. */
const readAccepted = Effect.fnUntraced(function* (
  asking: Asking,
  keys: ReadonlyArray<string>,
  most: number,
) {
  const read = (some: ReadonlyArray<string>, atOnce: number) =>
    Effect.map(readJoin(asking, some, atOnce), (found) => ({
      ...found,
      most: atOnce,
    }))
  const whole = yield* Effect.result(read(keys, most))
  if (Result.isSuccess(whole)) return whole.success
  const asked = Math.min(most, keys.length)
  if (whole.failure.reason !== "InvalidQuery" || asked <= 1) return yield* whole.failure
  const one = yield* Effect.result(read(keys.slice(0, 1), 1))
  if (Result.isFailure(one)) return yield* whole.failure
  for (let atOnce = Math.floor(asked / 2); atOnce > 1; atOnce = Math.floor(atOnce / 2)) {
    const fewer = yield* Effect.result(read(keys, atOnce))
    if (Result.isSuccess(fewer)) return fewer.success
    if (fewer.failure.reason !== "InvalidQuery") return yield* fewer.failure
  }
  return yield* read(keys, 1)
})

const readJoin = Effect.fnUntraced(function* (
  asking: Asking,
  keys: ReadonlyArray<string>,
  atOnce: number,
) {
  const gathered = gather(asking.join)
  for (const asked of Arr.chunksOf(keys, atOnce)) yield* readPages(asking, asked, gathered)
  const { rows, rejected } = gathered
  return { rows, rejected }
})
