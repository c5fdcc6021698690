import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { AdapterError, AdapterErrorReason } from "./AdapterError.js"
import { explainUnwritten } from "./AnswerErrors.js"
import type { Join, Joined, JoinUse } from "./Connection.js"
import type { Json } from "./Json.js"
import { isTooDeep, refuseDeep, withoutDeepParts } from "./Nesting.js"
import { decodePage, refuseMore } from "./PageDecoding.js"
import type { Requests } from "./Requests.js"
import { guarded, refusedId, Unreadable } from "./Row.js"
import { type Learned, nothingLearned } from "./WalkState.js"

/** What the joins of a page came to. */
export interface JoinedRows {
  readonly rows: Joined
  /** Rows that could not be read, so that it is not known whose they are. */
  readonly refused: ReadonlyArray<{ readonly raw: unknown; readonly reason: string }>
  /** Why joins are left out of `rows`: the server refused them, or failed on them. */
  readonly failures: ReadonlyArray<AdapterError>
  readonly warnings: ReadonlyArray<string>
  readonly learned: LearnedOfJoins
}

type LearnedOfJoins = Pick<Learned, "joinKeys" | "failingJoins">

/** So many pages, each with something new: the server goes on for ever. */
const mostPages = 1000
/** Their size is the adapter's to ask for, and is not known here. */
const mostRowsOfPage = 20_000
/** So many rows of one join are kept for the executions of one page. */
const mostRows = 200_000

/** Where an endpoint has no joins. */
export const nothingJoined: JoinedRows = {
  rows: {},
  refused: [],
  failures: [],
  warnings: [],
  learned: nothingLearned,
}

// What else goes wrong, as a wrong key or a broken line, is not of the join alone.
const ofJoinAlone: ReadonlySet<AdapterErrorReason> = new Set([
  "Permission",
  "NotFound",
  "InvalidQuery",
  "Unavailable",
  "TooLarge",
  "Decode",
])

/** These will not pass within a walk. */
const lasting: ReadonlySet<AdapterErrorReason> = new Set(["Permission", "NotFound", "InvalidQuery"])

/**
 * Asks for what belongs to items of a page: one request for all of them, or a few by pages. A join
 * that the server refuses or fails on is left out, as if it had not been asked for.
 */
export const readJoins = Effect.fnUntraced(function* (
  requests: Requests,
  uses: ReadonlyArray<JoinUse>,
  items: ReadonlyArray<unknown>,
  operation: string,
  learned: LearnedOfJoins = nothingLearned,
) {
  const taken = new Map(learned.joinKeys)
  const failing: Array<string> = []
  const warnings: Array<string> = []
  const failures: Array<AdapterError> = []
  const read = yield* Effect.forEach(
    uses,
    Effect.fnUntraced(function* ({ name, join, keys: keysOf }: JoinUse) {
      const most = taken.get(name) ?? join.maxKeys
      if (most === 0) return []
      const keys = [...new Set(items.flatMap((item) => readKeys(keysOf, item)))]
      const isFailing = learned.failingJoins.includes(name)
      const asking = { requests, join, operation, isTrial: isFailing }
      const asked = yield* Effect.result(readAllowed(asking, keys, most))
      if (Result.isSuccess(asked)) {
        const found = asked.success
        if (found.most < most) {
          taken.set(name, found.most)
          warnings.push(
            `${join.route} refuses so many keys at once: from here on no more than ${found.most} are asked for together.`,
          )
        }
        return [{ name, ...found }]
      }
      const { failure } = asked
      if (!ofJoinAlone.has(failure.reason)) return yield* failure
      failures.push(failure)
      const isLasting = lasting.has(failure.reason)
      if (isLasting) taken.set(name, 0)
      else failing.push(name)
      if (isFailing && !isLasting) return []
      warnings.push(
        `${failure.message} What ${join.route} tells of executions is left out${isLasting && operation === "list" ? ", and it is not asked any more" : ""}.`,
      )
      return []
    }),
    { concurrency: "unbounded" },
  )
  const found = read.flat()
  return {
    rows: Object.fromEntries(found.map(({ name, rows }) => [name, rows])),
    refused: found.flatMap(({ refused }) => refused),
    failures,
    warnings,
    learned: { joinKeys: taken, failingJoins: failing },
  } satisfies JoinedRows
})

/** An item whose keys cannot be told is one that cannot be mapped: that is where it is refused. */
const readKeys = (keysOf: JoinUse["keys"], item: unknown): ReadonlyArray<string> => {
  const keys = guarded(keysOf, item)
  return keys instanceof Unreadable ? [] : keys
}

interface Asking {
  readonly requests: Requests
  readonly join: Join<unknown>
  readonly operation: string
  /** It failed on the page before: it is not asked again and again. */
  readonly isTrial: boolean
}

/** Where so many keys are refused, fewer: one shows whether they can be had at all. */
const readAllowed = Effect.fnUntraced(function* (
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
  const { join } = asking
  const rows = new Map<string, Array<unknown>>()
  const refused: Array<{ readonly raw: unknown; readonly reason: string }> = []
  const seen = new Set<string>()
  for (let from = 0; from < keys.length; from += atOnce) {
    const asked = keys.slice(from, from + atOnce)
    let offset = 0
    for (let page = 1; ; page++) {
      const items = yield* readPage(asking, { keys: asked, offset })
      const before = seen.size
      for (const item of items) {
        // It came from JSON.parse, so it is JSON.
        const json = item as Json
        const isDeep = isTooDeep(json)
        const raw = isDeep ? withoutDeepParts(json) : json
        const row = guarded(isDeep ? refuseDeep : join.row, raw)
        if (row instanceof Unreadable || !row.ok) {
          const name = refusedId({ raw })
          if (!seen.has(name)) refused.push({ raw, reason: `${join.route}: ${row.reason}` })
          seen.add(name)
          continue
        }
        const { id, key, row: value } = row.value
        // Rows that come and go between two pages move others to the next one.
        if (seen.has(id)) continue
        seen.add(id)
        const others = rows.get(key)
        if (others === undefined) rows.set(key, [value])
        else others.push(value)
      }
      yield* refuseMore(
        asking.requests,
        { route: join.route, operation: asking.operation, most: mostRows },
        seen.size,
      )
      offset += items.length
      if (seen.size === before || (join.isUnique && asked.every((key) => rows.has(key)))) break
      if (page === mostPages) return yield* endless(asking)
    }
  }
  return { rows, refused }
})

const readPage = Effect.fnUntraced(function* (
  { requests, join, operation, isTrial }: Asking,
  { keys, offset }: { readonly keys: ReadonlyArray<string>; readonly offset: number },
) {
  const spec = guarded((at: number) => join.request(keys, at), offset)
  if (spec instanceof Unreadable) {
    return yield* requests.fail(explainUnwritten(join.route, operation, spec.reason))
  }
  const { body } = yield* requests.send(spec, operation, isTrial)
  const { route } = join
  const rows = yield* decodePage(requests, join, { body, operation })
  yield* refuseMore(requests, { route, operation, most: mostRowsOfPage }, rows.length)
  return rows
})

const endless = ({ requests, join, operation }: Asking): AdapterError =>
  requests.fail({
    reason: "Decode",
    message: `${requests.title} gives page after page to ${join.route}, without an end.`,
    operation,
    hint: "Ask for smaller pages, or leave out what needs this request.",
  })
