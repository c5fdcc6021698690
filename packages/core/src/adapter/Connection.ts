import type { Decoded } from "./WireDecoder.js"
import type { Execution, ExecutionStatus, Include } from "../model/Execution.js"
import type { ExecutionDraft } from "./ExecutionDraft.js"
import type { FilterAnswer } from "./FilterAnswer.js"
import type { Json, JsonObject } from "../model/Json.js"
import type { CheckedQuery, Order } from "../model/LogQuery.js"
import type { FilterName } from "../model/QueryParts.js"
import type { Pagination } from "./Pagination.js"
import type { TimeAxis } from "./TimeAxis.js"
import { AdapterError, type AdapterErrorReason } from "../model/AdapterError.js"

/**
 * The version of the contract below. It grows when an old core cannot read a new connection; what is
 * optional in it is absent in connections of older adapters.
 */
export const contractVersion = 1

/**
 * An adapter with its settings: all that core needs to read one account, app or server of a
 * provider. Plain data and plain functions only, so that an adapter which brings a copy of core of
 * its own works with any core of the same contract version.
 */
export interface Connection {
  readonly kind: "execlog/connection"
  readonly contractVersion: number
  readonly provider: string
  readonly title: string
  /** Without a slash at its end. */
  readonly baseUrl: string
  /** The settings that are no secret: they belong to what a cursor is good for. */
  readonly settings: JsonObject
  /** The names of those that say how it is read, and not what. */
  readonly tuning?: ReadonlyArray<string>
  /** The headers that carry the secret. A function, so that printing a connection shows none. */
  readonly auth: () => { readonly headers: { readonly [name: string]: string } }
  /** The provider's words for a status. A word that is not here becomes `unknown`. */
  readonly statuses: { readonly [word: string]: ExecutionStatus }
  /** The secrets themselves, for redaction. */
  readonly secrets: () => ReadonlyArray<string>
  readonly list: ListEndpoint
  /** A second list endpoint that gives more, and when to ask it. */
  readonly detail: (ListEndpoint & { readonly when: (query: CheckedQuery) => boolean }) | null
  readonly get: GetEndpoint | null
  /** What has ended may begin again under the same id. An adapter of before says nothing of it. */
  readonly reopens?: boolean
  /** What the provider's error answers mean where the HTTP status does not say it. */
  readonly problem: (status: number, body: unknown) => ProviderProblem
}

/** What an adapter reads from an error answer. */
export interface ProviderProblem {
  readonly reason?: AdapterErrorReason | undefined
  /** The provider's own message. */
  readonly message?: string | undefined
  readonly hint?: string | undefined
}

/** A request, relative to the base URL. */
export interface RequestSpec {
  readonly method: "GET" | "POST"
  /** Begins with a slash, and holds no parameters. */
  readonly path: string
  /** Parameters of the URL. Texts and numbers are written plainly, arrays and objects as JSON. */
  readonly query?: JsonObject | undefined
  readonly headers?: { readonly [name: string]: string } | undefined
  readonly body?: Json | undefined
}

/** An endpoint that lists. */
export interface ListEndpoint {
  readonly name: string
  /** For a person: `GET /workflows/logs`. */
  readonly route: string
  readonly pagination: Pagination
  readonly maxPageSize: number
  readonly orders: ReadonlyArray<Order>
  /** What its items can hold beside the summary. */
  readonly gives: ReadonlyArray<Include>
  readonly time: TimeAxis
  /** How a filter that the query sets is answered. The time filters follow from `time`. */
  readonly answer: (query: CheckedQuery, filter: FilterName) => FilterAnswer
  /** What it leaves out, unless the provider is asked for it by a status filter. */
  readonly omits: Omission | null
  /** How it is asked for executions by their ids; absent or null where it cannot be. */
  readonly byIds?: ByIds | null
  /**
   * The attribute by which it gives one execution, where no endpoint gives one by its id; absent or null
   * where there is none.
   */
  readonly lookup?: string | null
  readonly request: (query: CheckedQuery, params: JsonObject) => RequestSpec
  readonly page: (body: unknown) => Decoded<PageInfo>
  readonly item: (raw: unknown) => ListedItem
  readonly execution: (item: unknown, query: CheckedQuery, joined: Joined) => ExecutionDraft
  /** What is asked beside for all items of a page. */
  readonly joins: ReadonlyArray<JoinUse>
  /** Set where the list holds events and one execution is made of several. */
  readonly fold: Fold | null
}

/** How a list gives executions of a set of ids. */
export interface ByIds {
  /** How many ids one request takes. */
  readonly most: number
  readonly params: (ids: ReadonlyArray<string>) => JsonObject
}

/** Executions that the provider has and a list does not give. */
export interface Omission {
  readonly statuses: ReadonlyArray<ExecutionStatus>
  /** What is known of it, for `explain` and for errors: `"it lists what runs only on request."` */
  readonly note: string
}

/** What core reads of a page before it reads the items. */
export interface PageInfo {
  readonly items: ReadonlyArray<unknown>
  /** Whether more pages follow; null where the provider does not say. */
  readonly more: boolean | null
  /** How many items there are in all; null where the provider does not say. */
  readonly total: number | null
  /** The cursor or URL of the next page; null where there is none, or none is given. */
  readonly next: string | null
}

/** An item that was read, or why it could not be. */
type ListedItem =
  | {
      readonly ok: true
      readonly item: unknown
      /** The id of the execution that it tells of. */
      readonly id: string
      /** When it was listed, in milliseconds; its number where the list goes by numbers. */
      readonly at: number
      /** When it was made, where the list goes by numbers and the item tells; else null. */
      readonly createdAt?: number | null
    }
  | Extract<Decoded<unknown>, { readonly ok: false }>

/** An endpoint that is asked by keys, as plain data and plain functions. */
export interface Join<Row> {
  /** For a person: `POST /task_runs/filter`. */
  readonly route: string
  /** The most keys that one request may name. */
  readonly maxKeys: number
  /** There is one row for a key at most, so that all keys found are the end. */
  readonly isUnique: boolean
  readonly request: (keys: ReadonlyArray<string>, offset: number) => RequestSpec
  readonly page: (body: unknown) => Decoded<ReadonlyArray<unknown>>
  readonly row: (raw: unknown) => Decoded<JoinedRow<Row>>
}

/** A row with what tells it from others, and what it belongs to. */
interface JoinedRow<Row> {
  readonly id: string
  readonly key: string
  readonly row: Row
}

/** The rows that were asked for: by the join's name, then by key. */
export interface Joined {
  readonly [name: string]: ReadonlyMap<string, ReadonlyArray<unknown>>
}

/** A join as an endpoint uses it. */
export interface JoinUse {
  readonly name: string
  readonly join: Join<unknown>
  /** Whether a query needs it. */
  readonly when: (query: CheckedQuery) => boolean
  /** The keys to ask for an item. */
  readonly keys: (item: unknown) => ReadonlyArray<string>
}

/** How several events make one execution. */
export interface Fold {
  /** The item that says most, of one or more; the newest come first. */
  readonly merge: (items: ReadonlyArray<unknown>) => unknown
  /** Whether no earlier event of the same execution can follow this one in the past. */
  readonly isFirst: (item: unknown) => boolean
  /** Whether no later event of the same execution can follow. */
  readonly isLast: (item: unknown) => boolean
  /** No event of the execution is listed before this instant; null when unknown. */
  readonly startedAt: (item: unknown) => number | null
}

/** The endpoint that gives one execution. */
interface GetEndpoint {
  /** The id that it takes for an execution of a list, null where it gives none of it; absent: its own. */
  readonly idOf?: ((execution: Pick<Execution, "id" | "attributes">) => string | null) | undefined
  readonly route: string
  /** What it gives beside the summary. */
  readonly gives: ReadonlyArray<Include>
  /** Why an id cannot be one of this provider's; null when it can. */
  readonly refuse: (id: string) => string | null
  readonly request: (id: string) => RequestSpec
  /** The item, or null where the provider says in its own way that there is none. */
  readonly item: (body: unknown) => Decoded<unknown>
  readonly execution: (item: unknown, joined: Joined) => ExecutionDraft
  /** When the list lists it, in milliseconds; null where this endpoint does not tell. */
  readonly listedAt?: (item: unknown) => number | null
  /** What is asked beside for the item. */
  readonly joins: ReadonlyArray<JoinUse>
}

/** Refuses what is no connection, or one that this core cannot read. Throws `InvalidSettings`. */
export const checkConnection = (connection: Connection): void => {
  const found: { readonly kind?: unknown; readonly contractVersion?: unknown } = connection
  if (typeof connection === "function") {
    throw notAConnection(
      "An adapter was given where a connection is needed: call the adapter with its settings.",
    )
  }
  if (typeof found !== "object" || found === null || found.kind !== "execlog/connection") {
    throw notAConnection("This is not a connection: it must come from an execlog adapter.")
  }
  if (found.contractVersion !== contractVersion) {
    throw notAConnection(
      `The adapter "${connection.provider}" speaks version ${String(found.contractVersion)} of the ` +
        `adapter contract, and this @execlog/core speaks version ${contractVersion}. ` +
        `Install versions of @execlog/core and of the adapter that go together.`,
    )
  }
}

const notAConnection = (message: string): AdapterError =>
  new AdapterError({ reason: "InvalidSettings", message, operation: "settings" })
