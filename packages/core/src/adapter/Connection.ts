import { AdapterError, type AdapterErrorReason } from "../model/AdapterError.js"
import type { Execution, ExecutionStatus, Include } from "../model/Execution.js"
import type { Json, JsonObject } from "../model/Json.js"
import type { CheckedQuery, Order } from "../model/LogQuery.js"
import type { FilterName } from "../model/QueryParts.js"
import type { ExecutionDraft } from "./ExecutionDraft.js"
import type { FilterAnswer } from "./FilterAnswer.js"
import type { Pagination } from "./Pagination.js"
import type { TimeAxis } from "./TimeAxis.js"
import type { Decoded } from "./WireDecoder.js"

/**
 * The version of the contract below. It is raised if an old core cannot read a new connection. Optional
 * fields are absent in connections of older adapters.
 */
export const contractVersion = 1

/**
 * An adapter with its settings: all that core needs to read one account, app or server of a
 * provider. Plain data and plain functions only, so that an adapter with its own copy of core works
 * with any core of the same contract version.
 */
export interface Connection {
  readonly kind: "execlog/connection"
  readonly contractVersion: number
  readonly provider: string
  readonly title: string
  /** Without a trailing slash. */
  readonly baseUrl: string
  /** The settings that are not secret. A cursor is only valid for the same ones. */
  readonly settings: JsonObject
  /** The names of settings that affect only how the provider is read, not what is read. */
  readonly tuning?: ReadonlyArray<string>
  /** The headers that carry the secret. A function, so that printing a connection shows none. */
  readonly auth: () => { readonly headers: { readonly [name: string]: string } }
  /** The provider's words for a status. Any other word becomes `unknown`. */
  readonly statuses: { readonly [word: string]: ExecutionStatus }
  /** The secrets themselves, for redaction. */
  readonly secrets: () => ReadonlyArray<string>
  readonly list: ListEndpoint
  /** A second list endpoint that returns more, and when to use it. */
  readonly detail: (ListEndpoint & { readonly when: (query: CheckedQuery) => boolean }) | null
  readonly get: GetEndpoint | null
  /** Whether a finished execution may run again under the same id. Absent in older adapters. */
  readonly reopens?: boolean
  /** The meaning of an error response, if its HTTP status does not say it. */
  readonly problem: (status: number, body: unknown) => ProviderProblem
}

/** The parts of an error response that an adapter reads. */
export interface ProviderProblem {
  readonly reason?: AdapterErrorReason | undefined
  /** The provider's own message. */
  readonly message?: string | undefined
  readonly hint?: string | undefined
}

/** A request, relative to the base URL. */
export interface RequestSpec {
  readonly method: "GET" | "POST"
  /** Begins with a slash, and contains no parameters. */
  readonly path: string
  /** Parameters of the URL. Strings and numbers are sent as they are, arrays and objects as JSON. */
  readonly query?: JsonObject | undefined
  readonly headers?: { readonly [name: string]: string } | undefined
  readonly body?: Json | undefined
}

/** A list endpoint. */
export interface ListEndpoint {
  readonly name: string
  /** For a person: `GET /workflows/logs`. */
  readonly route: string
  readonly pagination: Pagination
  readonly maxPageSize: number
  readonly orders: ReadonlyArray<Order>
  /** The parts that its items can contain besides the summary. */
  readonly gives: ReadonlyArray<Include>
  readonly time: TimeAxis
  /** Who applies a filter that the query sets. The time filters follow from `time`. */
  readonly answer: (query: CheckedQuery, filter: FilterName) => FilterAnswer
  /** Executions that it omits unless a status filter requests them. */
  readonly omits: Omission | null
  /** How to request executions by their ids; absent or null if that is not possible. */
  readonly byIds?: ByIds | null
  /**
   * The attribute by which it can be filtered for one execution, if no endpoint returns one by its id;
   * absent or null if there is none.
   */
  readonly lookup?: string | null
  /** Another endpoint, whose ids each request must name; absent or null if there is none. */
  readonly within?: Within | null
  /** `within` holds these ids. */
  readonly request: (
    query: CheckedQuery,
    params: JsonObject,
    within?: ReadonlyArray<string>,
  ) => RequestSpec
  readonly page: (body: unknown) => Decoded<PageInfo>
  readonly item: (raw: unknown) => ListedItem
  readonly execution: (item: unknown, query: CheckedQuery, joined: Joined) => ExecutionDraft
  /** Other endpoints that are requested for all items of a page. */
  readonly joins: ReadonlyArray<JoinUse>
  /** Set if the list contains events, and several of them make one execution. */
  readonly fold: Fold | null
}

/** How a list returns executions by a set of ids. */
export interface ByIds {
  /** How many ids one request accepts. */
  readonly most: number
  readonly params: (ids: ReadonlyArray<string>) => JsonObject
}

/** Executions that the provider has and a list omits. */
export interface Omission {
  readonly statuses: ReadonlyArray<ExecutionStatus>
  /**
   * The reason, for `explain` and for errors: `"running executions are only listed on request."`
   */
  readonly note: string
}

/** A page, as core reads it. */
export interface PageInfo {
  readonly items: ReadonlyArray<unknown>
  /** Whether more pages follow; null if the provider does not say. */
  readonly more: boolean | null
  /** How many items there are in total; null if the provider does not say. */
  readonly total: number | null
  /** The cursor or URL of the next page; null if there is none. */
  readonly next: string | null
}

/** A decoded item, or the reason why it could not be decoded. */
type ListedItem =
  | {
      readonly ok: true
      readonly item: unknown
      /** The id of its execution. */
      readonly id: string
      /** Its listing time in milliseconds; its number if the list is ordered by numbers. */
      readonly at: number
      /** When it was created, if the list is ordered by numbers and the item says; else null. */
      readonly createdAt?: number | null
    }
  | Extract<Decoded<unknown>, { readonly ok: false }>

/** An endpoint that is requested by keys, as plain data and plain functions. */
export interface Join<Row> {
  /** For a person: `POST /task_runs/filter`. */
  readonly route: string
  /** The maximum number of keys in one request. */
  readonly maxKeys: number
  /** Whether a key has at most one row, so that no page follows once all keys are found. */
  readonly isUnique: boolean
  /** `token` names the page, if `next` of the page before returned one. */
  readonly request: (
    keys: ReadonlyArray<string>,
    offset: number,
    token?: string | null,
  ) => RequestSpec
  readonly page: (body: unknown) => Decoded<ReadonlyArray<unknown>>
  /**
   * The token of the next page in a response, null at the end. Absent or null if pages are requested
   * by the number of rows before them.
   */
  readonly next?: ((body: unknown) => string | null) | null
  readonly row: (raw: unknown) => Decoded<JoinedRow<Row>>
}

/** An endpoint that returns the ids of all that a list can be requested for. */
export interface Within {
  /** Requested without keys, for all its rows. */
  readonly join: Join<unknown>
  /** The most ids that one request of the list accepts. */
  readonly most: number
  /** Whether a query needs them. */
  readonly when: (query: CheckedQuery) => boolean
}

/** A row with its own id, and the key that it belongs to. */
interface JoinedRow<Row> {
  readonly id: string
  readonly key: string
  readonly row: Row
}

/** Joined rows: by the join's name, then by key. */
export interface Joined {
  readonly [name: string]: ReadonlyMap<string, ReadonlyArray<unknown>>
}

/** A join as an endpoint uses it. */
export interface JoinUse {
  readonly name: string
  readonly join: Join<unknown>
  /** Whether a query needs it. */
  readonly when: (query: CheckedQuery) => boolean
  /** The keys to request for an item. */
  readonly keys: (item: unknown) => ReadonlyArray<string>
}

/** How events are combined into one execution. */
export interface Fold {
  /** Combines one or more items into one; the newest come first. */
  readonly merge: (items: ReadonlyArray<unknown>) => unknown
  /** Whether no event of the same execution is earlier than this one. */
  readonly isFirst: (item: unknown) => boolean
  /** Whether no event of the same execution can come later. */
  readonly isLast: (item: unknown) => boolean
  /** The time before which no event of the execution is listed; null when unknown. */
  readonly startedAt: (item: unknown) => number | null
}

/** The endpoint that returns one execution. */
interface GetEndpoint {
  /** The id to request a listed execution by; null if it cannot be requested. Absent: its own id. */
  readonly idOf?: ((execution: Pick<Execution, "id" | "attributes">) => string | null) | undefined
  readonly route: string
  /** The parts that it returns besides the summary. */
  readonly gives: ReadonlyArray<Include>
  /** The reason why this text cannot be an id of the provider; null if it can. */
  readonly checkId: (id: string) => string | null
  readonly request: (id: string) => RequestSpec
  /** The item; null if the response means that there is none. */
  readonly item: (body: unknown) => Decoded<unknown>
  readonly execution: (item: unknown, joined: Joined) => ExecutionDraft
  /** Its listing time in milliseconds; null if this endpoint does not return it. */
  readonly listedAt?: (item: unknown) => number | null
  /** Other endpoints that are requested for the item. */
  readonly joins: ReadonlyArray<JoinUse>
}

/** The connection that was given. Throws `InvalidSettings` for anything else, or for another contract. */
export const connectionOf = (given: unknown): Connection => {
  if (typeof given === "function") {
    throw notAConnection(
      "An adapter was given where a connection is needed: call the adapter with its settings.",
    )
  }
  if (!isConnection(given)) {
    throw notAConnection("This is not a connection: it must come from an execlog adapter.")
  }
  const version: unknown = given.contractVersion
  if (version !== contractVersion) {
    throw notAConnection(
      `The adapter "${given.provider}" uses version ${String(version)} of the ` +
        `adapter contract, and this @execlog/core uses version ${contractVersion}. ` +
        `Install compatible versions of @execlog/core and of the adapter.`,
    )
  }
  return given
}

const isConnection = (given: unknown): given is Connection =>
  typeof given === "object" &&
  given !== null &&
  "kind" in given &&
  given.kind === "execlog/connection"

const notAConnection = (message: string): AdapterError =>
  new AdapterError({
    reason: "InvalidSettings",
    message,
    operation: "settings",
    subject: { kind: "argument", name: "connection" },
  })
