import type { Decoded } from "./WireDecoder.js"
import type { Actor, Execution, ExecutionStatus, Include, TriggerKind } from "../model/Execution.js"
import type { FilterAnswer } from "./FilterAnswer.js"
import type { Json, JsonObject } from "../model/Json.js"
import type { CheckedQuery, Order } from "../model/LogQuery.js"
import type { FilterName } from "../model/QueryParts.js"
import type { Pagination } from "./Pagination.js"
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

/** The time by which an endpoint lists. From it core derives time filters, windows and early stop. */
export interface TimeAxis {
  /** The list goes by a number that grows with every item, and that is no time. */
  readonly isSequence: boolean
  /** The resolution of the listing time, in milliseconds. */
  readonly tick: number
  /** How much earlier than its execution's start an item may be listed, in milliseconds; null where nobody knows. */
  readonly skew: number | null
  /** How long after its execution's start an item may be listed; null where nobody knows. */
  readonly delay: number | null
  /** Parameters that keep all items listed in or before the tick that begins at an instant. */
  readonly before: ((instant: number) => JsonObject) | null
  /** Parameters that keep all items listed in or after the tick that begins at an instant. */
  readonly after: ((instant: number) => JsonObject) | null
  /** The provider's own filter by the start; what never started does not pass it. */
  readonly start?: StartBounds | null
  /** The provider's own filter by the end; what has not ended does not pass it. */
  readonly finish?: FinishBounds | null
  /** What says of an end is listed when it ended, or later, as events are. */
  readonly listsEnds?: boolean
  /** It lists executions that are due later and have not started. */
  readonly listsPlanned?: boolean
  /** Parameters that leave out what is planned, of what is listed for a time to come. */
  readonly withoutPlanned?: JsonObject | null
  /** By windows, whose bound moves down, or up where the oldest come first; or by pages alone. */
  readonly walk: "windows" | "pages"
}

/** Parameters that bound a time of the execution, each with all of the tick that begins at an instant. */
export interface TimeBounds {
  readonly after: ((instant: number) => JsonObject) | null
  readonly before: ((instant: number) => JsonObject) | null
}

/** Bounds of the end. */
export interface FinishBounds extends TimeBounds {
  /** The statuses whose executions always have an end; absent: each terminal one. */
  readonly statuses?: ReadonlyArray<ExecutionStatus>
}

/** Bounds of the start. */
export interface StartBounds extends TimeBounds {
  /** Executions of these statuses have always started: only they are asked for by their start. */
  readonly statuses: ReadonlyArray<ExecutionStatus>
}

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

/**
 * What an adapter says of an execution: all that the item tells. Core fills in the rest, and leaves out
 * the parts that were not asked for. Null and absent mean the same, but for a part that was asked for:
 * null says that there is none.
 */
export interface ExecutionDraft {
  readonly id: string
  /** Set only where the provider's word alone does not say it: core looks that up in `statuses`. */
  readonly status?: ExecutionStatus | undefined
  readonly providerStatus: string | null
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  /** When it was due, where the provider plans. */
  readonly scheduledFor?: Date | null | undefined
  /** When it was made: it counts under this where no other instant is told. */
  readonly createdAt?: Date | null | undefined
  readonly durationMs?: number | null | undefined
  readonly workflow?: Told<Execution["workflow"]> | undefined
  readonly error?:
    | {
        readonly message: string
        readonly type?: string | null | undefined
        readonly stepId?: string | null | undefined
      }
    | null
    | undefined
  readonly trigger?:
    | { readonly kind: TriggerKind; readonly providerKind: string | null }
    | undefined
  readonly actor?: Actor | null | undefined
  /** 1 for the first. */
  readonly attempt?: number | null | undefined
  readonly retryOf?: string | null | undefined
  readonly parentId?: string | null | undefined
  readonly tags?: ReadonlyArray<string> | undefined
  readonly usage?: Told<Execution["usage"]> | undefined
  readonly url?: string | null | undefined
  readonly steps?: ReadonlyArray<StepDraft> | undefined
  readonly inputs?: Json | undefined
  readonly outputs?: Json | undefined
  readonly attributes?: { readonly [name: string]: Json | undefined } | undefined
}

/** Those fields that are told. */
type Told<A> = { readonly [Name in keyof A]?: A[Name] | undefined }

/** What an adapter says of a step; core fills in the rest, as it does for executions. */
export interface StepDraft {
  readonly id?: string | null | undefined
  readonly name?: string | null | undefined
  readonly type?: string | null | undefined
  /** Set only where the provider's word alone does not say it. */
  readonly status?: ExecutionStatus | undefined
  readonly providerStatus: string | null
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly durationMs?: number | null | undefined
  readonly error?:
    | { readonly message: string; readonly type?: string | null | undefined }
    | null
    | undefined
  readonly inputs?: Json | undefined
  readonly outputs?: Json | undefined
  readonly attributes?: { readonly [name: string]: Json | undefined } | undefined
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
