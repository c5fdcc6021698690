import type { Connection } from "@execlog/core/adapter"
import type { Exchange } from "./Fixture.js"

/** A join of an endpoint. */
export type JoinUse = Connection["list"]["joins"][number]

/** All joins of a connection's endpoints, each once. */
export const joinsOf = ({ list, detail, get }: Connection): ReadonlyArray<JoinUse> => {
  const used = [...list.joins, ...(detail?.joins ?? []), ...(get?.joins ?? [])]
  return [...new Map(used.map((use) => [use.name, use])).values()]
}

/** The endpoints whose ids the lists of a connection must be requested with, as joins. */
export const withinOf = ({ list, detail }: Connection): ReadonlyArray<JoinUse> =>
  [list, detail].flatMap((endpoint) => {
    const { join, when } = endpoint?.within ?? {}
    return join === undefined || when === undefined
      ? []
      : [{ name: "within", join, when, keys: () => [] }]
  })

/** Whether a request is for ids that a list must be requested with. */
export const asksWithin = (
  connection: Connection,
  request: { readonly method: string; readonly path: string },
): boolean => withinOf(connection).some((use) => asksJoin(connection, use, request))

/** The connection whose lists are requested with a made-up id, for servers that the suite makes up. */
export const withMadeUpIds = (connection: Connection): Connection => {
  const within = ["execlog-contract-test"]
  const made = (list: Connection["list"]): Connection["list"] =>
    (list.within ?? null) === null
      ? list
      : {
          ...list,
          within: null,
          request: (query, params) => list.request(query, params, within),
        }
  const { list, detail } = connection
  return {
    ...connection,
    list: made(list),
    detail: detail === null ? null : { ...made(detail), when: detail.when },
  }
}

/** Whether a request is for a join, not for a list or one execution. */
export const asksJoin = (
  connection: Connection,
  { join }: JoinUse,
  request: { readonly method: string; readonly path: string },
): boolean => {
  const { method, path } = join.request([], 0)
  const asked = new URL(request.path, connection.baseUrl).pathname
  return method === request.method && asked === new URL(connection.baseUrl + path).pathname
}

/** The exchanges without those of joins, and of ids that a list must be requested with. */
export const ownExchanges = (
  connection: Connection,
  exchanges: ReadonlyArray<Exchange>,
): ReadonlyArray<Exchange> => {
  const joins = [...joinsOf(connection), ...withinOf(connection)]
  return exchanges.filter((exchange) => !joins.some((use) => asksJoin(connection, use, exchange)))
}

/** The connection without joins, or with only one. */
export const withoutJoins = (connection: Connection, kept: string | null = null): Connection => {
  const { list, detail, get } = connection
  const left = (joins: ReadonlyArray<JoinUse>) => joins.filter(({ name }) => name === kept)
  return {
    ...connection,
    list: { ...list, joins: left(list.joins) },
    detail: detail === null ? null : { ...detail, joins: left(detail.joins) },
    get: get === null ? null : { ...get, joins: left(get.joins) },
  }
}
