import type { Connection } from "@execlog/core"
import type { Exchange } from "./Fixture.js"

/** A join as an endpoint of a connection uses it. */
export type JoinUse = Connection["list"]["joins"][number]

/** All joins that a connection's endpoints use, each once. */
export const joinsOf = ({ list, detail, get }: Connection): ReadonlyArray<JoinUse> => {
  const used = [...list.joins, ...(detail?.joins ?? []), ...(get?.joins ?? [])]
  return [...new Map(used.map((use) => [use.name, use])).values()]
}

/** Whether a request asks a join rather than a list or one execution. */
export const asksJoin = (
  connection: Connection,
  { join }: JoinUse,
  request: { readonly method: string; readonly path: string },
): boolean => {
  const { method, path } = join.request([], 0)
  const asked = new URL(request.path, connection.baseUrl).pathname
  return method === request.method && asked === new URL(connection.baseUrl + path).pathname
}

/** The exchanges that ask a list or one execution, without those that ask beside for what belongs to it. */
export const ownExchanges = (
  connection: Connection,
  exchanges: ReadonlyArray<Exchange>,
): ReadonlyArray<Exchange> => {
  const joins = joinsOf(connection)
  return exchanges.filter((exchange) => !joins.some((use) => asksJoin(connection, use, exchange)))
}

/** The connection without joins, or with one alone. */
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
