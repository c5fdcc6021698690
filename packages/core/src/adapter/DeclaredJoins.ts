import type { Join, Joined, JoinUse, RequestSpec } from "./Connection.js"
import type { JoinKeys } from "./Declaration.js"
import type { Joins, Lookups } from "./Join.js"

/** Headers of every request of a connection besides the key. */
export interface Headers {
  readonly [name: string]: string
}

/** A request with those headers; the request's own take precedence. */
export const withHeaders = (headers: Headers, request: RequestSpec): RequestSpec =>
  Object.keys(headers).length === 0
    ? request
    : { ...request, headers: { ...headers, ...request.headers } }

/** A join whose requests have those headers. */
export const joinWithHeaders = (headers: Headers, join: Join<unknown>): Join<unknown> => ({
  ...join,
  request: (...asked) => withHeaders(headers, join.request(...asked)),
})

/** The joins that an endpoint uses. */
export const joinUses = <Declared extends Joins, Item>(
  joins: Joins,
  used: JoinKeys<Declared, Item> = {},
  headers: Headers,
): ReadonlyArray<JoinUse> =>
  Object.entries(joins).flatMap(([name, join]) => {
    const use = used[name]
    if (use === undefined) return []
    return [
      {
        name,
        join: joinWithHeaders(headers, join),
        when: use.when ?? (() => true),
        keys: (item) => use.keys(own<Item>(item)),
      },
    ]
  })

/** The lookups of joined rows that a mapping receives. */
export const lookupsOf = <Declared extends Joins>(
  joins: Declared | undefined,
): ((joined: Joined) => Lookups<Declared>) => {
  const names = Object.keys(joins ?? {})
  // This runs for every execution: without joins, it must cost nothing.
  const none = {} as Lookups<Declared>
  return (joined) => {
    if (names.length === 0) return none
    const lookups = names.map((name) => {
      const rows = joined[name]
      return [name, (key: string) => (rows === undefined ? undefined : (rows.get(key) ?? []))]
    })
    // Each join's own decoder created its rows, returned as the contract's `unknown`.
    return Object.fromEntries(lookups) as Lookups<Declared>
  }
}

/** An item that this adapter's own decoder created, returned as the contract's `unknown`. */
export const own = <Item>(item: unknown): Item => item as Item
