import type * as Schema from "effect/Schema"
import type { Execution, Include } from "../model/Execution.js"
import type { JsonObject } from "../model/Json.js"
import type { CheckedQuery, Order } from "../model/LogQuery.js"
import type { Auth } from "./Auth.js"
import type { ByIds, Omission, ProviderProblem, RequestSpec, Within } from "./Connection.js"
import type { Filters } from "./DeclaredFilters.js"
import type * as Id from "./Id.js"
import type { Joins, Lookups } from "./Join.js"
import type { MappedExecution, Statuses, Triggers } from "./MappedExecution.js"
import type { PageFields } from "./PageFields.js"
import type { Pagination } from "./Pagination.js"
import type { SettingsDeclaration, SettingsType } from "./Setting.js"
import type { FinishBounds, StartBounds, TimeAxis, TimeBounds } from "./TimeAxis.js"

/** The input of a mapping besides the item. */
export interface Given<Config = unknown, Declared extends Joins = Joins> {
  readonly config: Config
  readonly query: CheckedQuery
  readonly joined: Lookups<Declared>
}

/** The joins that an endpoint uses, with the keys of an item for each. */
export type JoinKeys<Declared extends Joins, Item> = {
  readonly [Name in keyof Declared]?: {
    /** Whether a query needs it. Default: every query does. */
    readonly when?: (query: CheckedQuery) => boolean
    readonly keys: (item: Item) => ReadonlyArray<string>
  }
}

/** How the pages of a list are read. */
export type PageDeclaration<Page> =
  | {
      /** The names of the page's fields. Default: the response is the list of items itself. */
      readonly page?: PageFields
      readonly info?: undefined
    }
  | {
      /** The schema of a page, which `info` reads. */
      readonly page: Schema.Codec<Page>
      readonly info: (page: Page) => {
        readonly items: ReadonlyArray<unknown>
        readonly more?: boolean | null | undefined
        readonly total?: number | null | undefined
        /** The cursor or URL of the next page, if pages name it; null or empty at the end. */
        readonly next?: string | null | undefined
      }
    }

/** A list endpoint, as an adapter declares it. */
export type ListDeclaration<Config, Page, Item, Declared extends Joins> = PageDeclaration<Page> &
  ListEndpointDeclaration<Config, Item, Declared>

/** The same, except for how its pages are read. */
export interface ListEndpointDeclaration<Config, Item, Declared extends Joins> {
  /**
   * The endpoint as the provider documents it: `GET /workflows/{workflowId}/logs`. A part in braces
   * is filled from the parameter of that name, else from that field of the query.
   */
  readonly route: string
  readonly pagination: Pagination
  /** The maximum page size that the provider accepts. */
  readonly maxPageSize: number
  /**
   * The supported listing orders. If the provider takes the order as a parameter, an object with
   * the parameters of each: `{ newest: { sort: "desc" }, oldest: { sort: "asc" } }`. Default:
   * newest only.
   */
  readonly orders?: ReadonlyArray<Order> | { readonly [Name in Order]?: JsonObject }
  /** The parts that its items can contain besides the summary. Default: none. */
  readonly gives?: ReadonlyArray<Exclude<Include, "raw">>
  readonly time: {
    /** The listing time of an item: a Date, or milliseconds; its number with `isSequence`. */
    readonly at: (item: Item) => Date | number
    /**
     * Whether the list is ordered by a number that grows with every item, such as its id, instead
     * of a time. Its time filters are then applied by core, and reading stops early only by
     * `createdAt`. Default: false.
     */
    readonly isSequence?: boolean
    /**
     * With `isSequence`: when an item was created, a Date or milliseconds. It must grow with the
     * numbers.
     */
    readonly createdAt?: (item: Item) => Date | number | null
    /** The resolution of the listing time, in milliseconds. Default: 1. */
    readonly tick?: number
    /**
     * How much earlier than its `timestamp` an item may be listed, in milliseconds; null when
     * unknown. Default: 60,000, for clocks that disagree. `since` misses an execution that starts,
     * or ends without a start, later than this after it was listed.
     */
    readonly skew?: number | null | ((config: Config) => number | null)
    /**
     * How long after its `timestamp` an item may be listed, in milliseconds; null when unknown.
     * Default: unknown.
     */
    readonly delay?: (config: Config) => number | null
    /**
     * Parameters that request all items listed in or before the tick that begins at a time, in
     * milliseconds. If the provider's bound is exclusive, request one tick later.
     */
    readonly before?: (instant: number) => JsonObject
    /**
     * The same for items listed in or after the tick; if the bound is exclusive, request one tick
     * earlier.
     */
    readonly after?: (instant: number) => JsonObject
    /**
     * The provider's own filter by start: parameters that request what started in or after, and in
     * or before, the tick that begins at a time. Executions that never started do not match it, so
     * it is used only for queries that request nothing but `statuses`, whose executions have always
     * started.
     */
    readonly start?: Partial<TimeBounds> & Pick<StartBounds, "statuses">
    /**
     * The provider's own filter by end, in the same form. `since` uses it only for queries that
     * request nothing but `statuses`, whose executions always have an end. Default: all terminal
     * statuses.
     */
    readonly finish?: Partial<TimeBounds> & Pick<FinishBounds, "statuses">
    /**
     * Whether the item that reports an end is listed at that end or later, as events are. Default:
     * false.
     */
    readonly listsEnds?: boolean
    /** Whether it lists executions that are due later and have not started. Default: false. */
    readonly listsPlanned?: boolean
    /**
     * Parameters that exclude planned executions. Sent for future listing times, where a walk by
     * windows begins, so that it need not read past everything that is planned.
     */
    readonly withoutPlanned?: JsonObject
    readonly walk: TimeAxis["walk"]
  }
  readonly filters: Filters | ((config: Config) => Filters)
  /** Executions that the list omits unless a status filter requests them. */
  readonly omits?: Omission
  /**
   * How to request executions by a set of ids: the most ids of one request, and the parameters that
   * carry them.
   */
  readonly byIds?: ByIds
  /**
   * For an adapter without `get`: the attribute, among the `filters`, that selects one execution of
   * the list. `get` takes a value of it as the id.
   */
  readonly lookup?: string
  /**
   * Another endpoint, whose ids each request of the list must name: `Join.all({ … })`. It is
   * requested once for a walk, before the first page; `params` and `request` receive the ids. If
   * there are none, the list is empty.
   */
  readonly within?: Within
  /** Parameters besides those of the page, the filters and the order. */
  readonly params?: (given: {
    readonly config: Config
    readonly query: CheckedQuery
    /** The ids of `within`; empty if the query does not need them. */
    readonly within: ReadonlyArray<string>
  }) => JsonObject
  /**
   * The request, with all `params` that belong in it. Default: `route` with the parameters in the
   * URL of a GET, or in the body of a POST.
   */
  readonly request?: (given: {
    readonly config: Config
    readonly query: CheckedQuery
    readonly params: JsonObject
    /** The ids of `within`; empty if the query does not need them. */
    readonly within: ReadonlyArray<string>
  }) => RequestSpec
  readonly item: Schema.Codec<Item>
  /** The id of the execution that an item belongs to. */
  readonly itemId: (item: Item) => string
  /** The adapter's `joins` that are requested for all items of a page. */
  readonly joins?: JoinKeys<Declared, Item>
  readonly toExecution: (item: Item, given: Given<Config, Declared>) => MappedExecution
  /** Set if the list contains events, and several of them make one execution. */
  readonly fold?: {
    /** Chooses the most complete of the items of one page; the newest come first. */
    readonly merge: (items: readonly [Item, ...ReadonlyArray<Item>]) => Item
    readonly isFirst: (item: Item) => boolean
    readonly isLast: (item: Item) => boolean
    readonly startedAt: (item: Item) => Date | number | null
  }
}

/** The endpoint that returns one execution, as an adapter declares it. */
interface GetEndpointDeclaration<Config> {
  /** The endpoint: `GET /runs/{id}`. */
  readonly route: string
  readonly gives?: ReadonlyArray<Exclude<Include, "raw">>
  /** The shape of its ids; any other text is rejected without a request. Default: any text. */
  readonly id?: Id.Shape
  /** Parameters besides the id. */
  readonly params?: JsonObject
  /** The request. Default: `route` with the id and the parameters. */
  readonly request?: (given: { readonly config: Config; readonly id: string }) => RequestSpec
  /**
   * The id to request a listed execution by; null if it cannot be requested. Default: its own id.
   */
  readonly idOf?: (execution: Pick<Execution, "id" | "attributes">) => string | null
  /** Whether a response means that the execution does not exist, despite its HTTP status. */
  readonly isMissing?: (body: unknown) => boolean
}

/** The same, with how its response is read. */
export interface GetDeclaration<
  Config,
  Item,
  Declared extends Joins,
> extends GetEndpointDeclaration<Config> {
  readonly item: Schema.Codec<Item>
  /** The listing time, a Date or milliseconds, if this endpoint returns it. */
  readonly listedAt?: (item: Item) => Date | number | null
  /** The adapter's `joins` that are requested for the item. */
  readonly joins?: JoinKeys<Declared, Item>
  readonly toExecution: (item: Item, given: Given<Config, Declared>) => MappedExecution
}

/**
 * The same for a response that is an item of the list: the list's `item`, `toExecution`, `joins`
 * and listing time apply. The mapping receives a query without filters that includes the parts of
 * `gives`.
 */
export interface GetOfListDeclaration<Config> extends GetEndpointDeclaration<Config> {
  readonly item?: undefined
  readonly listedAt?: undefined
  readonly joins?: undefined
  readonly toExecution?: undefined
}

/** A provider, as an adapter declares it. */
export interface Declaration<
  Settings extends SettingsDeclaration,
  Page,
  Item,
  DetailPage,
  DetailItem,
  GetItem,
  Declared extends Joins,
> {
  /** The provider's id: `"dify"`. */
  readonly id: string
  /** The provider's name for people. */
  readonly title: string
  readonly settings: Settings
  /** The address that paths are appended to. Default: the setting `baseUrl`. */
  readonly baseUrl?: (config: SettingsType<Settings>) => string
  /** Headers of every request besides the key. Messages may show them. */
  readonly headers?: (config: SettingsType<Settings>) => { readonly [name: string]: string }
  readonly auth: (config: SettingsType<Settings>) => Auth
  /** The provider's words for a status. Any other word becomes `unknown`. */
  readonly statuses: Statuses
  /** The provider's words for a trigger. Any other word becomes `unknown`. */
  readonly triggers?: Triggers
  /** Endpoints whose rows belong to the executions of a page, by names of the adapter's choice. */
  readonly joins?: Declared
  readonly list: ListDeclaration<SettingsType<Settings>, Page, Item, Declared>
  /**
   * A second list endpoint that returns more, and is requested instead of the first if `when` is
   * true for a query.
   */
  readonly detail?: ListDeclaration<SettingsType<Settings>, DetailPage, DetailItem, Declared> & {
    readonly when: (query: CheckedQuery) => boolean
  }
  /** Whether a finished execution may run again under its id. Default: false. */
  readonly reopens?: boolean
  /** The endpoint of `get`. Default: `get` is Unsupported. */
  readonly get?:
    | GetDeclaration<SettingsType<Settings>, GetItem, Declared>
    | GetOfListDeclaration<SettingsType<Settings>>
  /**
   * The meaning of an error response, if its HTTP status does not say it. Without a `message`, core
   * uses the body's message, detail or error.
   */
  readonly problem?: (status: number, body: unknown) => ProviderProblem
}
