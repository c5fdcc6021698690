import type { ExecutionStatus } from "../model/Execution.js"
import type { JsonObject } from "../model/Json.js"
import type { CheckedQuery, Order } from "../model/LogQuery.js"
import type { Fold, Joined, ListEndpoint, PageInfo } from "./Connection.js"
import type { ListDeclaration, PageDeclaration } from "./Declaration.js"
import { answerFrom, mergeParams } from "./DeclaredFilters.js"
import { type Headers, joinUses, joinWithHeaders, own, withHeaders } from "./DeclaredJoins.js"
import type { Joins, Lookups } from "./Join.js"
import { draftOf, type Triggers } from "./MappedExecution.js"
import { pageReader, readItems } from "./PageFields.js"
import { partsOf, readRoute } from "./Route.js"
import type { TimeBounds } from "./TimeAxis.js"
import { decoder } from "./WireDecoder.js"

/** The declaration that the endpoints of an adapter share. */
export interface Shared<Config, Declared extends Joins> {
  readonly statuses: { readonly [word: string]: ExecutionStatus }
  readonly triggers: Triggers
  readonly headers: (config: Config) => Headers
  readonly joins: Joins
  readonly lookups: (joined: Joined) => Lookups<Declared>
}

/** Creates a list endpoint from its declaration. Throws if the declaration is incomplete. */
export const listMaker = <Config, Page, Item, Declared extends Joins>(
  list: ListDeclaration<Config, Page, Item, Declared>,
  { statuses, triggers, headers, joins, lookups }: Shared<Config, Declared>,
): ((name: string, config: Config) => ListEndpoint) => {
  const readPage = pageReaderOf(list)
  const decodeItem = decoder(list.item)
  const request = list.request ?? listRequest(list.route)
  const orders = ordersOf(list.orders ?? ["newest"])
  const { time } = list
  const goesUp = orders.has("oldest")
  if (time.walk === "windows") {
    const isTimed = time.isSequence !== true && list.pagination.style !== "single"
    if (!isTimed || (goesUp && time.after === undefined)) {
      const needed = "a listing time, more pages than one, and for the oldest first a lower bound"
      throw new Error(`${list.route}: a walk by windows needs ${needed}.`)
    }
    if (goesUp && list.fold !== undefined) {
      throw new Error(`${list.route}: events can be merged only from the newest on.`)
    }
  }
  return (name, config) => ({
    name,
    route: list.route,
    pagination: list.pagination,
    maxPageSize: list.maxPageSize,
    orders: [...orders.keys()],
    gives: [...(list.gives ?? []), "raw"],
    time: {
      isSequence: time.isSequence ?? false,
      tick: time.tick ?? 1,
      skew:
        typeof time.skew === "function"
          ? time.skew(config)
          : time.skew === undefined
            ? 60_000
            : time.skew,
      delay: time.delay?.(config) ?? null,
      before: time.before ?? null,
      after: time.after ?? null,
      start:
        time.start === undefined ? null : { ...bounds(time.start), statuses: time.start.statuses },
      finish:
        time.finish === undefined
          ? null
          : {
              ...bounds(time.finish),
              ...(time.finish.statuses === undefined ? {} : { statuses: time.finish.statuses }),
            },
      listsEnds: time.listsEnds ?? false,
      listsPlanned: time.listsPlanned ?? false,
      withoutPlanned: time.withoutPlanned ?? null,
      walk: time.walk,
    },
    answer: answerFrom(
      typeof list.filters === "function" ? list.filters(config) : list.filters,
      statuses,
      list.omits ?? null,
    ),
    omits: list.omits ?? null,
    byIds: list.byIds ?? null,
    lookup: list.lookup ?? null,
    within:
      list.within === undefined
        ? null
        : { ...list.within, join: joinWithHeaders(headers(config), list.within.join) },
    request: (query, params, within = []) => {
      const given = { config, query, within }
      const all = [params, orders.get(query.order) ?? {}, list.params?.(given) ?? {}]
      return withHeaders(headers(config), request({ ...given, params: mergeParams(all) }))
    },
    page: readPage,
    item: (raw) => {
      const decoded = decodeItem(raw)
      if (!decoded.ok) return decoded
      const item = decoded.value
      const createdAt = millisecondsOf(time.createdAt?.(item) ?? null)
      const at = millisecondsOf(time.at(item))
      return { ok: true, item, id: list.itemId(item), at, createdAt }
    },
    execution: (item, query, joined) =>
      draftOf(
        list.toExecution(own<Item>(item), { config, query, joined: lookups(joined) }),
        triggers,
      ),
    joins: joinUses(joins, list.joins, headers(config)),
    fold: list.fold === undefined ? null : foldOf(list.fold),
  })
}

/** The request of a route. Parameters, or fields of the query, fill its parts. */
const listRequest = (text: string) => {
  const route = readRoute(text)
  const parts = partsOf(text)
  return ({ query, params }: { readonly query: CheckedQuery; readonly params: JsonObject }) =>
    route(
      { ...query, ...params },
      Object.fromEntries(Object.entries(params).filter(([name]) => !parts.includes(name))),
    )
}

type Orders = ReadonlyArray<Order> | { readonly [Name in Order]?: JsonObject }

/** The orders of a list, each with the parameters that request it. */
const ordersOf = (orders: Orders): ReadonlyMap<Order, JsonObject> => {
  if (isList(orders)) return new Map(orders.map((order) => [order, {}]))
  const { newest, oldest } = orders
  return new Map([
    ...(newest === undefined ? [] : [["newest", newest] as const]),
    ...(oldest === undefined ? [] : [["oldest", oldest] as const]),
  ])
}

const isList = (orders: Orders): orders is ReadonlyArray<Order> => Array.isArray(orders)

/** The reader of a list's pages. */
const pageReaderOf = <Page>(declared: PageDeclaration<Page>): ListEndpoint["page"] => {
  if (declared.info === undefined) {
    return declared.page === undefined ? readList : pageReader(declared.page)
  }
  const { info } = declared
  const decode = decoder(declared.page)
  return (body) => {
    const page = decode(body)
    return page.ok ? { ok: true, value: pageInfo(info(page.value)) } : page
  }
}

const readList: ListEndpoint["page"] = (body) => {
  const items = readItems(body)
  return items.ok ? { ok: true, value: pageInfo({ items: items.value }) } : items
}

/** A time as an adapter returns it, in milliseconds; the number of a sequence unchanged. */
export function millisecondsOf(time: Date | number): number
export function millisecondsOf(time: Date | number | null): number | null
export function millisecondsOf(time: Date | number | null): number | null {
  return typeof time === "object" && time !== null ? time.getTime() : time
}

const bounds = ({ after, before }: Partial<TimeBounds>): TimeBounds => ({
  after: after ?? null,
  before: before ?? null,
})

const foldOf = <Item>(
  fold: NonNullable<ListDeclaration<never, never, Item, Joins>["fold"]>,
): Fold => ({
  merge: ([first, ...rest]) =>
    fold.merge([own<Item>(first), ...rest.map((item) => own<Item>(item))]),
  isFirst: (item) => fold.isFirst(own<Item>(item)),
  isLast: (item) => fold.isLast(own<Item>(item)),
  startedAt: (item) => millisecondsOf(fold.startedAt(own<Item>(item))),
})

const pageInfo = (info: {
  readonly items: ReadonlyArray<unknown>
  readonly more?: boolean | null | undefined
  readonly total?: number | null | undefined
  readonly next?: string | null | undefined
}): PageInfo => ({
  items: info.items,
  more: info.more ?? null,
  total: info.total ?? null,
  next: info.next || null,
})
