import * as Effect from "effect/Effect"
import type { AdapterError } from "./AdapterError.js"
import { explainUnwritten } from "./AnswerErrors.js"
import type { Join, Joined, JoinUse } from "./Connection.js"
import type { Requests } from "./Requests.js"
import { guarded, refusedId, Unreadable } from "./Row.js"

/** What the joins of a page came to. */
export interface JoinedRows {
  readonly rows: Joined
  /** Rows that could not be read, so that it is not known whose they are. */
  readonly refused: ReadonlyArray<{ readonly raw: unknown; readonly reason: string }>
}

/** So many pages, each with something new: the server goes on for ever. */
const mostPages = 1000

/** Where an endpoint has no joins. */
export const nothingJoined: JoinedRows = { rows: {}, refused: [] }

/** Asks for what belongs to items of a page: one request for all of them, or a few by pages. */
export const readJoins = Effect.fnUntraced(function* (
  requests: Requests,
  uses: ReadonlyArray<JoinUse>,
  items: ReadonlyArray<unknown>,
  operation: string,
) {
  const read = yield* Effect.forEach(
    uses,
    Effect.fnUntraced(function* ({ name, join, keys: keysOf }: JoinUse) {
      const keys = [...new Set(items.flatMap((item) => readKeys(keysOf, item)))]
      const found = yield* readJoin(requests, join, keys, operation)
      return { name, ...found }
    }),
    { concurrency: "unbounded" },
  )
  return {
    rows: Object.fromEntries(read.map(({ name, rows }) => [name, rows])),
    refused: read.flatMap(({ refused }) => refused),
  } satisfies JoinedRows
})

/** An item whose keys cannot be told is one that cannot be mapped: that is where it is refused. */
const readKeys = (keysOf: JoinUse["keys"], item: unknown): ReadonlyArray<string> => {
  const keys = guarded(keysOf, item)
  return keys instanceof Unreadable ? [] : keys
}

const readJoin = Effect.fnUntraced(function* (
  requests: Requests,
  join: Join<unknown>,
  keys: ReadonlyArray<string>,
  operation: string,
) {
  const rows = new Map<string, Array<unknown>>()
  const refused: Array<{ readonly raw: unknown; readonly reason: string }> = []
  const seen = new Set<string>()
  for (let from = 0; from < keys.length; from += join.maxKeys) {
    const asked = keys.slice(from, from + join.maxKeys)
    let offset = 0
    for (let page = 1; ; page++) {
      const items = yield* readPage(requests, join, { keys: asked, offset }, operation)
      const before = seen.size
      for (const raw of items) {
        const row = guarded(join.row, raw)
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
      offset += items.length
      if (seen.size === before || (join.isUnique && asked.every((key) => rows.has(key)))) break
      if (page === mostPages) return yield* endless(requests, join, operation)
    }
  }
  return { rows, refused }
})

const readPage = Effect.fnUntraced(function* (
  requests: Requests,
  join: Join<unknown>,
  { keys, offset }: { readonly keys: ReadonlyArray<string>; readonly offset: number },
  operation: string,
) {
  const spec = guarded((at: number) => join.request(keys, at), offset)
  if (spec instanceof Unreadable) {
    return yield* requests.fail(explainUnwritten(join.route, operation, spec.reason))
  }
  const { body } = yield* requests.send(spec, operation)
  const page = guarded(join.page, body)
  if (!(page instanceof Unreadable) && page.ok) return page.value
  const { message } = requests.problem(200, body)
  return yield* requests.fail({
    reason: "Decode",
    message: `${requests.title} answered ${join.route} with something that is not a page: ${message ?? page.reason}.`,
    operation,
    providerMessage: message ?? null,
  })
})

const endless = (requests: Requests, join: Join<unknown>, operation: string): AdapterError =>
  requests.fail({
    reason: "Decode",
    message: `${requests.title} gives page after page to ${join.route}, without an end.`,
    operation,
    hint: "Ask for smaller pages, or leave out what needs this request.",
  })
