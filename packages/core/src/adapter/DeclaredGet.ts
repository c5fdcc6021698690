import type { JsonObject } from "../model/Json.js"
import { type CheckedQuery, checkQuery } from "../model/LogQuery.js"
import type { Connection } from "./Connection.js"
import type {
  GetDeclaration,
  GetOfListDeclaration,
  ListEndpointDeclaration,
} from "./Declaration.js"
import { joinUses, own, withHeaders } from "./DeclaredJoins.js"
import { millisecondsOf, type Shared } from "./DeclaredList.js"
import type { Joins } from "./Join.js"
import { draftOf } from "./MappedExecution.js"
import { readRoute } from "./Route.js"
import { decoder } from "./WireDecoder.js"

/** Creates the endpoint that returns one execution from its declaration. */
export const getMaker = <Config, Item, Declared extends Joins>(
  get: GetDeclaration<Config, Item, Declared>,
  { triggers, headers, joins, lookups }: Shared<Config, Declared>,
): ((config: Config) => NonNullable<Connection["get"]>) => {
  const decode = decoder(get.item)
  const request = get.request ?? getRequest(get.route, get.params ?? {})
  const query: CheckedQuery = { ...checkQuery({ planned: true }, 0), include: get.gives ?? [] }
  return (config) => ({
    route: get.route,
    gives: [...(get.gives ?? []), "raw"],
    idOf: get.idOf,
    checkId: (id) => {
      if (get.id === undefined || get.id.fits(id)) return null
      return get.id.name === "" ? "" : `it is not ${get.id.name}`
    },
    request: (id) => withHeaders(headers(config), request({ config, id })),
    item: (body) => (get.isMissing?.(body) === true ? { ok: true, value: null } : decode(body)),
    listedAt: (got) => millisecondsOf(get.listedAt?.(own<Item>(got)) ?? null),
    execution: (got, joined) =>
      draftOf(
        get.toExecution(own<Item>(got), { config, query, joined: lookups(joined) }),
        triggers,
      ),
    joins: joinUses(joins, get.joins, headers(config)),
  })
}

/** The declaration of `get` if its response is an item of the list. */
export const getLikeList = <Config, Item, Declared extends Joins>(
  get: GetOfListDeclaration<Config>,
  list: Pick<
    ListEndpointDeclaration<Config, Item, Declared>,
    "item" | "toExecution" | "joins" | "time"
  >,
): GetDeclaration<Config, Item, Declared> => {
  const { item, toExecution, joins, time } = list
  return {
    ...get,
    item,
    toExecution,
    listedAt: (got) => (time.isSequence === true ? null : time.at(got)),
    joins: joins ?? {},
  }
}

const getRequest = (text: string, params: JsonObject) => {
  const route = readRoute(text)
  return ({ id }: { readonly id: string }) => route({ id }, params)
}
