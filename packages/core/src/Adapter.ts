/**
 * An adapter, declared in one expression: data and pure functions that say what a provider's API
 * looks like. Import it as a namespace: `Adapter.make({ … })`.
 */
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type { Auth } from "./Auth.js"
import {
  type Connection,
  contractVersion,
  type ExecutionDraft,
  type Fold,
  type ListEndpoint,
  type PageInfo,
  type ProviderProblem,
  type RequestSpec,
  type TimeAxis,
} from "./Connection.js"
import { decoder } from "./Decoded.js"
import type { ExecutionStatus } from "./ExecutionStatus.js"
import { answerFrom, type Filters } from "./FilterAnswering.js"
import type { Json, JsonObject } from "./Json.js"
import type { CheckedQuery, Include, Order } from "./LogQuery.js"
import { isCounted, type Pagination } from "./Pagination.js"
import {
  parseSettings,
  type SettingsDeclaration,
  type SettingsInput,
  type SettingsType,
} from "./Setting.js"

/** What an adapter's mapping sees beside an item of a list. */
export interface Given<Config> {
  readonly config: Config
  readonly query: CheckedQuery
}

/** A list endpoint, as an adapter declares it. */
export interface ListDeclaration<Config, Page, Item> {
  /** For a person: `GET /workflows/logs`. */
  readonly route: string
  readonly pagination: Pagination
  /** The largest page that the provider gives. */
  readonly maxPageSize: number
  /** `["newest"]` where nothing else is said. */
  readonly orders?: ReadonlyArray<Order>
  /** What its items can hold beside the summary; nothing where nothing is said. */
  readonly gives?: ReadonlyArray<Exclude<Include, "raw">>
  readonly time: {
    /** When an item was listed, in milliseconds; with `isSequence` its number. */
    readonly at: (item: Item) => number
    /**
     * The list goes by a number that grows with every item, such as its id, and tells no time. No
     * time filter can then be pushed down, and reading never stops early.
     */
    readonly isSequence?: boolean
    /** The resolution of that time, in milliseconds; 1 where nothing is said. */
    readonly tick?: number
    /** How much earlier than its start an item may be listed, in ms; 60,000 where nothing is said. */
    readonly skew?: number
    /** How long after its start an item may be listed, in ms; null or absent where nobody knows. */
    readonly delay?: (config: Config) => number | null
    readonly before?: (instant: number) => JsonObject
    readonly after?: (instant: number) => JsonObject
    readonly walk: TimeAxis["walk"]
  }
  readonly filters: (config: Config) => Filters
  readonly request: (given: {
    readonly config: Config
    readonly query: CheckedQuery
    readonly params: JsonObject
  }) => RequestSpec
  readonly page: Schema.Codec<Page>
  readonly info: (page: Page) => {
    readonly items: ReadonlyArray<unknown>
    readonly more?: boolean | null | undefined
    readonly total?: number | null | undefined
    /** The cursor or URL of the next page, where pages name it. */
    readonly next?: string | null | undefined
  }
  readonly item: Schema.Codec<Item>
  /** The id of the execution that an item tells of. */
  readonly itemId: (item: Item) => string
  readonly toExecution: (item: Item, given: Given<Config>) => ExecutionDraft
  /** Set where the list holds events and one execution is made of several. */
  readonly fold?: {
    /** The item that says most, of those of one page; the newest come first. */
    readonly merge: (items: readonly [Item, ...ReadonlyArray<Item>]) => Item
    readonly isFirst: (item: Item) => boolean
    readonly isLast: (item: Item) => boolean
    readonly startedAt: (item: Item) => number | null
  }
}

/** The endpoint that gives one execution, as an adapter declares it. */
export interface GetDeclaration<Config, Item> {
  readonly route: string
  readonly gives?: ReadonlyArray<Exclude<Include, "raw">>
  /** Why an id cannot be one of this provider's; null when it can. */
  readonly refuse?: (id: string) => string | null
  readonly request: (given: { readonly config: Config; readonly id: string }) => RequestSpec
  /** Whether an answer says, in the provider's own way, that there is no such execution. */
  readonly isMissing?: (body: unknown) => boolean
  readonly item: Schema.Codec<Item>
  readonly toExecution: (item: Item, given: { readonly config: Config }) => ExecutionDraft
}

/** A provider, as an adapter declares it. */
export interface Declaration<
  Settings extends SettingsDeclaration,
  Page,
  Item,
  DetailPage,
  DetailItem,
  GetItem,
> {
  /** The provider's id: `"dify"`. */
  readonly id: string
  /** The provider's name for people. */
  readonly title: string
  readonly settings: Settings
  readonly baseUrl: (config: SettingsType<Settings>) => string
  readonly auth: (config: SettingsType<Settings>) => Auth
  /** The provider's words for a status. A word that is not here becomes `unknown`. */
  readonly statuses: { readonly [word: string]: ExecutionStatus }
  readonly list: ListDeclaration<SettingsType<Settings>, Page, Item>
  /** A second list endpoint that gives more, asked instead of the first `when` a query needs it. */
  readonly detail?: ListDeclaration<SettingsType<Settings>, DetailPage, DetailItem> & {
    readonly when: (query: CheckedQuery) => boolean
  }
  /** Without it, `get` is Unsupported. */
  readonly get?: GetDeclaration<SettingsType<Settings>, GetItem>
  /** What an error answer means where its HTTP status does not say it. */
  readonly problem?: (status: number, body: unknown) => ProviderProblem
}

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
>(
  declaration: Declaration<Settings, Page, Item, DetailPage, DetailItem, GetItem>,
): Adapter<SettingsInput<Settings>> => {
  const { id, title, statuses, detail, get } = declaration
  const makeList = listMaker(declaration.list, statuses)
  const makeDetail = detail === undefined ? null : listMaker(detail, statuses)
  const decodeGet = get === undefined ? null : decoder(get.item)

  const connect = (input: SettingsInput<Settings>): Connection => {
    const config = parseSettings(id, declaration.settings, input)
    return {
      kind: "execlog/connection",
      contractVersion,
      provider: id,
      title,
      baseUrl: declaration.baseUrl(config),
      settings: publicSettings(config),
      auth: () => declaration.auth(config),
      statuses,
      secrets: () => Object.values(config).filter(Redacted.isRedacted).map(secretText),
      list: makeList("list", config),
      detail:
        detail === undefined || makeDetail === null
          ? null
          : { ...makeDetail("detail", config), when: detail.when },
      get:
        get === undefined || decodeGet === null
          ? null
          : {
              route: get.route,
              gives: [...(get.gives ?? []), "raw"],
              refuse: get.refuse ?? (() => null),
              request: (executionId) => get.request({ config, id: executionId }),
              item: (body) =>
                get.isMissing?.(body) === true ? { ok: true, value: null } : decodeGet(body),
              execution: (item) => get.toExecution(own<GetItem>(item), { config }),
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

const listMaker = <Config, Page, Item>(
  list: ListDeclaration<Config, Page, Item>,
  statuses: { readonly [word: string]: ExecutionStatus },
): ((name: string, config: Config) => ListEndpoint) => {
  const decodePage = decoder(list.page)
  const decodeItem = decoder(list.item)
  const { time } = list
  const isTimed = time.isSequence !== true && isCounted(list.pagination)
  if (time.walk === "windows" && !(isTimed && list.orders?.includes("oldest") !== true)) {
    const needed = "the newest first, a listing time, and pages that are counted"
    throw new Error(`${list.route}: a walk by windows needs ${needed}.`)
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
      skew: time.skew ?? 60_000,
      delay: time.delay?.(config) ?? null,
      before: time.before ?? null,
      after: time.after ?? null,
      walk: time.walk,
    },
    answer: answerFrom(list.filters(config), statuses),
    request: (query, params) => list.request({ config, query, params }),
    page: (body) => {
      const decoded = decodePage(body)
      return decoded.ok ? { ok: true, value: pageInfo(list.info(decoded.value)) } : decoded
    },
    item: (raw) => {
      const decoded = decodeItem(raw)
      if (!decoded.ok) return decoded
      const item = decoded.value
      return { ok: true, item, id: list.itemId(item), at: time.at(item) }
    },
    execution: (item, query) => list.toExecution(own<Item>(item), { config, query }),
    fold: list.fold === undefined ? null : foldOf(list.fold),
  })
}

const foldOf = <Item>(fold: NonNullable<ListDeclaration<never, never, Item>["fold"]>): Fold => ({
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
