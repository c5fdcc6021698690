import * as Effect from "effect/Effect"
import type { Join } from "../adapter/Connection.js"
import type { AdapterError } from "../model/AdapterError.js"
import { guarded, decodeFaultOf, DecodeFault } from "../model/DecodeFault.js"
import type { Json } from "../model/Json.js"
import { isTooDeep, rejectDeep, withoutDeepParts } from "../model/Nesting.js"
import { explainUnwritten } from "../transport/Answers.js"
import type { Deadline } from "../transport/Deadline.js"
import type { Requests } from "../transport/Requests.js"
import { rejectedId } from "../walk/Row.js"
import { decodePage, explainNoList, rejectMore } from "./DecodePage.js"
import { unnamed } from "./NextPageFaults.js"

/** How a join is requested. */
export interface Asking {
  readonly requests: Requests
  readonly join: Join<unknown>
  readonly operation: string
  /** It failed on the page before: it is not retried. */
  readonly isTrial: boolean
}

/** Pages after which the server is assumed to go on for ever. */
const mostPages = 1000
/** The adapter requests a size, which is not known here. */
const mostRowsOfPage = 20_000
/** Rows of one join that are kept for the executions of one page. */
const mostRows = 200_000
/**
 * A page of fewer rows is rarely full, so what follows is requested first, and only if there is
 * something it is requested again in a page that overlaps.
 */
const leastOverlapping = 50

/** A row of a join that could not be read. */
export interface RejectedJoinRow {
  /** The endpoint of the join. */
  readonly route: string
  readonly raw: unknown
  readonly fault: DecodeFault
}

/** The rows of a join that were read so far. */
export interface Gathered {
  readonly rows: Map<string, Array<unknown>>
  readonly rejected: Array<RejectedJoinRow>
  /** How many there are. */
  readonly count: () => number
  /** Whether one of the items is among them. */
  readonly knows: (items: ReadonlyArray<unknown>) => boolean
  readonly take: (items: ReadonlyArray<unknown>) => void
}

/** Begins with no rows. */
export const gather = (join: Join<unknown>): Gathered => {
  const rows: Gathered["rows"] = new Map()
  const rejected: Gathered["rejected"] = []
  const seen = new Set<string>()
  const read = (item: unknown) => {
    // It came from JSON.parse, so it is JSON.
    const json = item as Json
    const isDeep = isTooDeep(json)
    const raw = isDeep ? withoutDeepParts(json) : json
    const row = isDeep ? rejectDeep() : guarded(join.row, raw)
    if (!(row instanceof DecodeFault) && row.ok) return { name: row.value.id, row: row.value }
    return {
      name: rejectedId({ raw }),
      rejected: { route: join.route, raw, fault: decodeFaultOf(row) },
    }
  }
  return {
    rows,
    rejected,
    count: () => seen.size,
    knows: (items) => items.some((item) => seen.has(read(item).name)),
    take: (items) => {
      for (const item of items) {
        const { name, row, rejected: rejection } = read(item)
        if (seen.has(name)) continue
        seen.add(name)
        if (row === undefined) {
          rejected.push(rejection)
          continue
        }
        const others = rows.get(row.key)
        if (others === undefined) rows.set(row.key, [row.row])
        else others.push(row.row)
      }
    },
  }
}

/**
 * Reads all rows of some keys. A page that returns the token of the next one is followed by it. Any
 * other begins with the last row of the one before, and shows by it that nothing was missed; if it does
 * not, rows above were deleted, and it is requested further up.
 */
export const readPages = Effect.fnUntraced(function* (
  asking: Asking,
  keys: ReadonlyArray<string>,
  gathered: Gathered,
): Effect.fn.Return<void, AdapterError, Deadline> {
  const { join, requests, operation } = asking
  const { route } = join
  const isComplete = () => join.isUnique && keys.every((key) => gathered.rows.has(key))
  const tokens = new Set<string>()
  let token: string | null = null
  let begin = 0
  let longest = 0
  let overlaps = false
  for (let page = 1; page <= mostPages; page++) {
    const { items, next }: JoinPage = yield* readPage(asking, { keys, offset: begin, token })
    if (begin > 0 && !overlaps && longest > 1) {
      if (items.length === 0) return
      overlaps = true
      begin -= 1
      continue
    }
    longest = Math.max(longest, items.length)
    if (overlaps && begin > 0 && !gathered.knows(items)) {
      begin = Math.max(0, begin - longest + 1)
      continue
    }
    const before = gathered.count()
    gathered.take(items)
    yield* rejectMore(requests, { route, operation, most: mostRows }, gathered.count())
    if (isComplete()) return
    if (next !== undefined) {
      if (next === null) return
      if (tokens.has(next)) return yield* requests.fail(unnamed(requests, route, operation, next))
      tokens.add(next)
      token = next
      continue
    }
    if (gathered.count() === before) return
    overlaps ||= items.length >= leastOverlapping
    begin += overlaps ? items.length - 1 : items.length
  }
  return yield* endless(asking)
})

interface JoinPage {
  readonly items: ReadonlyArray<unknown>
  /** The token of the next page; null if there is none, undefined if pages have no token. */
  readonly next: string | null | undefined
}

const readPage = Effect.fnUntraced(function* (
  { requests, join, operation, isTrial }: Asking,
  {
    keys,
    offset,
    token,
  }: {
    readonly keys: ReadonlyArray<string>
    readonly offset: number
    readonly token: string | null
  },
): Effect.fn.Return<JoinPage, AdapterError, Deadline> {
  const spec = guarded((at: number) => join.request(keys, at, token), offset)
  if (spec instanceof DecodeFault) {
    return yield* requests.fail(explainUnwritten(join.route, operation, spec.reason))
  }
  const { body } = yield* requests.send(spec, operation, isTrial)
  const { route } = join
  const items = yield* decodePage(requests, join, { body, operation })
  // An adapter in plain JavaScript may give anything.
  if (!Array.isArray(items))
    return yield* requests.fail(explainNoList(`${route}: rows`, requests.title, operation))
  yield* rejectMore(requests, { route, operation, most: mostRowsOfPage }, items.length)
  return { items, next: join.next?.(body) }
})

const endless = ({ requests, join, operation }: Asking): AdapterError =>
  requests.fail({
    reason: "Decode",
    message: `${requests.title} returns pages of ${join.route} endlessly.`,
    operation,
    hint: {
      code: "request_less",
      text: "Use a smaller page size, or omit the parts that need this request.",
    },
  })
