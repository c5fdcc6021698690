/**
 * An adapter, declared in one expression: data and pure functions that say what a provider's API
 * looks like. Import it as a namespace: `Adapter.make({ … })`.
 */
import * as Redacted from "effect/Redacted"
import {
  type Connection,
  contractVersion,
  type Fold,
  type Joined,
  type JoinUse,
  type ListEndpoint,
  type PageInfo,
  type TimeBounds,
} from "./Connection.js"
import type { Declaration, JoinKeys, ListDeclaration } from "./Declaration.js"
import { guardOf } from "./AdapterGuard.js"
import { decoder } from "./WireDecoder.js"
import type { ExecutionStatus } from "../model/Execution.js"
import { answerFrom } from "./FilterAnswering.js"
import type { Joins, Lookups } from "./Join.js"
import type { Json, JsonObject } from "../model/Json.js"
import { isCounted } from "./Pagination.js"
import { parseSettings, type SettingsDeclaration, type SettingsInput } from "./Setting.js"

/** What is known of a setting without its value. */
export interface SettingInfo {
  readonly name: string
  readonly kind: "secret" | "url" | "text" | "span" | "json"
  readonly required: boolean
  readonly description: string
  readonly default: Json
}

/** An adapter: a function from settings to a connection, which says what it is. */
export interface Adapter<Input> {
  /**
   * Checks the settings and gives a connection for `createClient`. Throws an AdapterError with the
   * reason `InvalidSettings`, which names the setting and never holds a secret.
   */
  (settings: Input): Connection
  readonly kind: "execlog/adapter"
  readonly contractVersion: number
  readonly id: string
  readonly title: string
  readonly settings: ReadonlyArray<SettingInfo>
  /** The provider's words for a status, and what they mean here. */
  readonly statuses: { readonly [word: string]: ExecutionStatus }
}

/** Makes an adapter of its declaration. */
export const make = <
  const Settings extends SettingsDeclaration,
  Page,
  Item,
  DetailPage = never,
  DetailItem = never,
  GetItem = never,
  Declared extends Joins = Joins,
>(
  declaration: Declaration<Settings, Page, Item, DetailPage, DetailItem, GetItem, Declared>,
): Adapter<SettingsInput<Settings>> => {
  const { id, title, statuses, detail, get } = declaration
  const joins: Joins = declaration.joins ?? {}
  const lookups = lookupsOf(declaration.joins)
  const makeList = listMaker(declaration.list, { statuses, joins, lookups })
  const makeDetail = detail === undefined ? null : listMaker(detail, { statuses, joins, lookups })
  const decodeGet = get === undefined ? null : decoder(get.item)

  const connect = (input: SettingsInput<Settings>): Connection => {
    const config = parseSettings(id, declaration.settings, input)
    const guard = guardOf(id, "InvalidSettings")
    return {
      kind: "execlog/connection",
      contractVersion,
      provider: id,
      title,
      baseUrl: guard("baseUrl", declaration.baseUrl)(config),
      settings: publicSettings(config),
      tuning: Object.entries(declaration.settings).flatMap(([name, { tunes }]) =>
        tunes === true ? [name] : [],
      ),
      auth: () => declaration.auth(config),
      statuses,
      secrets: () => [
        ...Object.values(config).filter(Redacted.isRedacted).map(secretText),
        ...(declaration.auth(config).secrets ?? []),
      ],
      reopens: declaration.reopens ?? false,
      list: guard("list", makeList)("list", config),
      detail:
        detail === undefined || makeDetail === null
          ? null
          : { ...guard("detail", makeDetail)("detail", config), when: detail.when },
      get:
        get === undefined || decodeGet === null
          ? null
          : {
              route: get.route,
              gives: [...(get.gives ?? []), "raw"],
              idOf: get.idOf,
              refuse: get.refuse ?? (() => null),
              request: (executionId) => get.request({ config, id: executionId }),
              item: (body) =>
                get.isMissing?.(body) === true ? { ok: true, value: null } : decodeGet(body),
              listedAt: (item) => get.listedAt?.(own<GetItem>(item)) ?? null,
              execution: (item, joined) =>
                get.toExecution(own<GetItem>(item), { config, joined: lookups(joined) }),
              joins: joinUses(joins, get.joins),
            },
      problem: declaration.problem ?? (() => ({})),
    }
  }
  return Object.assign(connect, {
    kind: "execlog/adapter" as const,
    contractVersion,
    id,
    title,
    statuses,
    settings: Object.entries(declaration.settings).map(([name, setting]) => ({
      name,
      kind: setting.kind,
      required: setting.required,
      description: setting.description,
      default: setting.default,
    })),
  })
}

/** What the endpoints of an adapter share. */
interface Shared<Declared extends Joins> {
  readonly statuses: { readonly [word: string]: ExecutionStatus }
  readonly joins: Joins
  readonly lookups: (joined: Joined) => Lookups<Declared>
}

const listMaker = <Config, Page, Item, Declared extends Joins>(
  list: ListDeclaration<Config, Page, Item, Declared>,
  { statuses, joins, lookups }: Shared<Declared>,
): ((name: string, config: Config) => ListEndpoint) => {
  const decodePage = decoder(list.page)
  const decodeItem = decoder(list.item)
  const { time } = list
  const goesUp = list.orders?.includes("oldest") === true
  if (time.walk === "windows") {
    const isTimed = time.isSequence !== true && isCounted(list.pagination)
    if (!isTimed || (goesUp && time.after === undefined)) {
      const needed =
        "a listing time, pages that are counted, and for the oldest first a lower bound"
      throw new Error(`${list.route}: a walk by windows needs ${needed}.`)
    }
    if (goesUp && list.fold !== undefined) {
      throw new Error(`${list.route}: events are folded from the newest on.`)
    }
  }
  return (name, config) => ({
    name,
    route: list.route,
    pagination: list.pagination,
    maxPageSize: list.maxPageSize,
    orders: list.orders ?? ["newest"],
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
    answer: answerFrom(list.filters(config), statuses, list.omits ?? null),
    omits: list.omits ?? null,
    byIds: list.byIds ?? null,
    lookup: list.lookup ?? null,
    request: (query, params) => list.request({ config, query, params }),
    page: (body) => {
      const decoded = decodePage(body)
      return decoded.ok ? { ok: true, value: pageInfo(list.info(decoded.value)) } : decoded
    },
    item: (raw) => {
      const decoded = decodeItem(raw)
      if (!decoded.ok) return decoded
      const item = decoded.value
      const createdAt = time.createdAt?.(item) ?? null
      return { ok: true, item, id: list.itemId(item), at: time.at(item), createdAt }
    },
    execution: (item, query, joined) =>
      list.toExecution(own<Item>(item), { config, query, joined: lookups(joined) }),
    joins: joinUses(joins, list.joins),
    fold: list.fold === undefined ? null : foldOf(list.fold),
  })
}

const joinUses = <Declared extends Joins, Item>(
  joins: Joins,
  used: JoinKeys<Declared, Item> = {},
): ReadonlyArray<JoinUse> =>
  Object.entries(joins).flatMap(([name, join]) => {
    const use = used[name]
    return use === undefined
      ? []
      : [{ name, join, when: use.when ?? (() => true), keys: (item) => use.keys(own<Item>(item)) }]
  })

/** How a mapping looks up the rows of each join. */
const lookupsOf = <Declared extends Joins>(
  joins: Declared | undefined,
): ((joined: Joined) => Lookups<Declared>) => {
  const names = Object.keys(joins ?? {})
  // Without joins there is nothing to look up, and this runs for every execution.
  const none = {} as Lookups<Declared>
  return (joined) => {
    if (names.length === 0) return none
    const lookups = names.map((name) => {
      const rows = joined[name]
      return [name, (key: string) => (rows === undefined ? undefined : (rows.get(key) ?? []))]
    })
    // Each join's own decoder made its rows, come back through the contract's `unknown`.
    return Object.fromEntries(lookups) as Lookups<Declared>
  }
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
  startedAt: (item) => fold.startedAt(own<Item>(item)),
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
  next: info.next ?? null,
})

/** An item that this adapter's own decoder made, come back through the contract's `unknown`. */
const own = <Item>(item: unknown): Item => item as Item

const secretText = (secret: Redacted.Redacted<unknown>): string => String(Redacted.value(secret))

const publicSettings = (config: { readonly [name: string]: unknown }): JsonObject => {
  const shown = Object.entries(config).filter(([, value]) => !Redacted.isRedacted(value))
  // Settings come from JSON or are as plain: the round trip only drops what is undefined.
  return JSON.parse(JSON.stringify(Object.fromEntries(shown)))
}
