import type * as Schema from "effect/Schema"
import type { Execution, ExecutionStatus, Include } from "../model/Execution.js"
import type { Auth } from "./Auth.js"
import type { ByIds, Omission, ProviderProblem, RequestSpec } from "./Connection.js"
import type { FinishBounds, StartBounds, TimeAxis, TimeBounds } from "./TimeAxis.js"
import type { Filters } from "./DeclaredFilters.js"
import type * as Id from "./Id.js"
import type { Joins, Lookups } from "./Join.js"
import type { JsonObject } from "../model/Json.js"
import type { CheckedQuery, Order } from "../model/LogQuery.js"
import type { MappedExecution, Triggers } from "./MappedExecution.js"
import type { PageFields } from "./PageFields.js"
import type { Pagination } from "./Pagination.js"
import type { SettingsDeclaration, SettingsType } from "./Setting.js"

/** What an adapter's mapping sees beside an item of a list. */
interface Given<Config, Declared extends Joins> {
  readonly config: Config
  readonly query: CheckedQuery
  readonly joined: Lookups<Declared>
}

/** Which joins an endpoint uses, and by which keys of an item. */
export type JoinKeys<Declared extends Joins, Item> = {
  readonly [Name in keyof Declared]?: {
    /** Whether a query needs it; each does where nothing is said. */
    readonly when?: (query: CheckedQuery) => boolean
    readonly keys: (item: Item) => ReadonlyArray<string>
  }
}

/** How the pages of a list are read. */
export type PageDeclaration<Page> =
  | {
      /**
       * Where a page says what, by the names of its fields. Where nothing is said, the answer is the
       * list of items itself.
       */
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
        /** The cursor or URL of the next page, where pages name it. */
        readonly next?: string | null | undefined
      }
    }

/** A list endpoint, as an adapter declares it. */
export type ListDeclaration<Config, Page, Item, Declared extends Joins> = PageDeclaration<Page> &
  ListEndpointDeclaration<Config, Item, Declared>

/** The same without how its pages are read. */
export interface ListEndpointDeclaration<Config, Item, Declared extends Joins> {
  /**
   * What it asks, as the provider's documents have it: `GET /workflows/{workflowId}/logs`. A part in
   * braces is filled by the parameter of that name, else by that field of the query.
   */
  readonly route: string
  readonly pagination: Pagination
  /** The largest page that the provider gives. */
  readonly maxPageSize: number
  /**
   * The orders in which it can list, and where the provider is asked for them by parameters, these:
   * `{ newest: { sort: "desc" }, oldest: { sort: "asc" } }`. Newest alone where nothing is said.
   */
  readonly orders?: ReadonlyArray<Order> | { readonly [Name in Order]?: JsonObject }
  /** What its items can hold beside the summary; nothing where nothing is said. */
  readonly gives?: ReadonlyArray<Exclude<Include, "raw">>
  readonly time: {
    /** When an item was listed, in milliseconds; with `isSequence` its number. */
    readonly at: (item: Item) => number
    /**
     * The list goes by a number that grows with every item, such as its id, and tells no time. No
     * time filter can then be pushed down by it, and reading stops early only by `createdAt`.
     */
    readonly isSequence?: boolean
    /** With `isSequence`: when an item was made, in milliseconds, which goes with the numbers. */
    readonly createdAt?: (item: Item) => number | null
    /** The resolution of that time, in milliseconds; 1 where nothing is said. */
    readonly tick?: number
    /**
     * How much earlier than its `timestamp` an item may be listed, in ms: 60,000 where nothing is said,
     * for clocks that disagree; null where nobody knows. What starts, or ends without a start, later
     * than this after it was listed is missed by `since`.
     */
    readonly skew?: number | null | ((config: Config) => number | null)
    /** How long after its `timestamp` an item may be listed, in ms; null or absent where nobody knows. */
    readonly delay?: (config: Config) => number | null
    /**
     * Parameters that keep what was listed in or before the tick that begins at an instant, in
     * milliseconds. Where the provider leaves out the bound itself, ask it for one tick later.
     */
    readonly before?: (instant: number) => JsonObject
    /** The same, for what was listed in or after it; with such a provider, one tick earlier. */
    readonly after?: (instant: number) => JsonObject
    /**
     * Where the provider filters by the start itself: parameters that keep what started in or after,
     * and in or before, the tick that begins at an instant. What never started does not pass, so they
     * are sent only where the query asks for none but `statuses`, whose executions always have.
     */
    readonly start?: Partial<TimeBounds> & Pick<StartBounds, "statuses">
    /**
     * Where the provider filters by the end itself: the same. `statuses` are those whose executions
     * always have an end, each terminal one where nothing is said: `since` goes by the end only where
     * the query asks for none but these.
     */
    readonly finish?: Partial<TimeBounds> & Pick<FinishBounds, "statuses">
    /** An item that tells of an end is listed when that came, or later, as events are. */
    readonly listsEnds?: boolean
    /** It lists executions that are due later and have not started. */
    readonly listsPlanned?: boolean
    /**
     * Parameters that leave out what is planned. They are sent for what is listed for a time to come,
     * where a walk by windows begins, so that it need not read over all that is planned.
     */
    readonly withoutPlanned?: JsonObject
    readonly walk: TimeAxis["walk"]
  }
  readonly filters: Filters | ((config: Config) => Filters)
  /** What the list leaves out, unless the provider is asked for it by a status filter. */
  readonly omits?: Omission
  /** Where it takes a set of ids: how many one request takes, and the parameters that carry them. */
  readonly byIds?: ByIds
  /**
   * Where the adapter has no `get`: the attribute, among the `filters`, by which the list gives one
   * execution. `get` takes its value for an id.
   */
  readonly lookup?: string
  /** Parameters beside those of the page, the filters and the order. */
  readonly params?: (given: { readonly config: Config; readonly query: CheckedQuery }) => JsonObject
  /**
   * The request, with all `params` that belong in it. Where nothing is said it follows from `route`:
   * parameters go into the URL of a GET, and into the body of a POST.
   */
  readonly request?: (given: {
    readonly config: Config
    readonly query: CheckedQuery
    readonly params: JsonObject
  }) => RequestSpec
  readonly item: Schema.Codec<Item>
  /** The id of the execution that an item tells of. */
  readonly itemId: (item: Item) => string
  /** What is asked beside for all items of a page, of the adapter's `joins`. */
  readonly joins?: JoinKeys<Declared, Item>
  readonly toExecution: (item: Item, given: Given<Config, Declared>) => MappedExecution
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
interface GetEndpointDeclaration<Config> {
  /** What it asks: `GET /runs/{id}`. */
  readonly route: string
  readonly gives?: ReadonlyArray<Exclude<Include, "raw">>
  /** What its ids look like: other texts are refused without asking. Any text where nothing is said. */
  readonly id?: Id.Shape
  /** Parameters beside the id. */
  readonly params?: JsonObject
  /** The request. It follows from `route` where nothing is said. */
  readonly request?: (given: { readonly config: Config; readonly id: string }) => RequestSpec
  /** The id that it takes for an execution of a list; null where it gives none of it. Else its own. */
  readonly idOf?: (execution: Pick<Execution, "id" | "attributes">) => string | null
  /** Whether an answer says, in the provider's own way, that there is no such execution. */
  readonly isMissing?: (body: unknown) => boolean
}

/** The same, with how its answer is read. */
export interface GetDeclaration<
  Config,
  Item,
  Declared extends Joins,
> extends GetEndpointDeclaration<Config> {
  readonly item: Schema.Codec<Item>
  /** When the list lists it, in milliseconds, where this endpoint tells. */
  readonly listedAt?: (item: Item) => number | null
  /** What is asked beside, of the adapter's `joins`. */
  readonly joins?: JoinKeys<Declared, Item>
  readonly toExecution: (
    item: Item,
    given: Omit<Given<Config, Declared>, "query">,
  ) => MappedExecution
}

/**
 * The same, where the answer is an item of the list: the list's `item`, `toExecution`, `joins` and
 * listing time hold for it. The mapping sees a query without filters that includes what `gives` names.
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
  /** The address that paths are added to; the setting `baseUrl` where nothing is said. */
  readonly baseUrl?: (config: SettingsType<Settings>) => string
  /** Headers of each request beside the key. They are shown in messages. */
  readonly headers?: (config: SettingsType<Settings>) => { readonly [name: string]: string }
  readonly auth: (config: SettingsType<Settings>) => Auth
  /** The provider's words for a status. A word that is not here becomes `unknown`. */
  readonly statuses: { readonly [word: string]: ExecutionStatus }
  /** Its words for what starts an execution. A word that is not here becomes `unknown`. */
  readonly triggers?: Triggers
  /** Endpoints whose rows belong to the executions of a page, by a name of the adapter's own. */
  readonly joins?: Declared
  readonly list: ListDeclaration<SettingsType<Settings>, Page, Item, Declared>
  /** A second list endpoint that gives more, asked instead of the first `when` a query needs it. */
  readonly detail?: ListDeclaration<SettingsType<Settings>, DetailPage, DetailItem, Declared> & {
    readonly when: (query: CheckedQuery) => boolean
  }
  /** What has ended may begin again under the same id; that it cannot is taken where nothing is said. */
  readonly reopens?: boolean
  /** Without it, `get` is Unsupported. */
  readonly get?:
    | GetDeclaration<SettingsType<Settings>, GetItem, Declared>
    | GetOfListDeclaration<SettingsType<Settings>>
  /**
   * What an error answer means where its HTTP status does not say it. Where it tells no message,
   * core takes what stands under message, detail or error.
   */
  readonly problem?: (status: number, body: unknown) => ProviderProblem
}
