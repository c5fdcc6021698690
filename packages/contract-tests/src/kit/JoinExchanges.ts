import type { Connection } from "@execlog/core/adapter"
import type { Exchange } from "./Fixture.js"

/** A join of an endpoint. */
export type JoinUse = Connection["list"]["joins"][number]

/** All joins of a connection's endpoints, each once. */
export const joinsOf = ({ list, detail, get }: Connection): ReadonlyArray<JoinUse> => {
  const used = [...list.joins, ...(detail?.joins ?? []), ...(get?.joins ?? [])]
  return [...new Map(used.map((use) => [use.name, use])).values()]
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

/** The exchanges without those of joins. */
export const ownExchanges = (
  connection: Connection,
  exchanges: ReadonlyArray<Exchange>,
): ReadonlyArray<Exchange> => {
  const joins = joinsOf(connection)
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
