import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Forbidden, NotFound, queryProblems } from "./Problem.js"
import { describeIntegers, integerIn, type Range } from "./IntegerParameters.js"

/** How many items a page may have. */
const pageSizes: Range = [1, 500]

const MaybeInstant = Schema.NullOr(Schema.DateFromString)

/** Why a connection cannot be read, and since when. */
const SyncFailure = Schema.Struct({
  /** The reason of an AdapterError or a StoreError. */
  code: Schema.String,
  message: Schema.String,
  hint: Schema.NullOr(Schema.String),
  /** When the first of the syncs failed that have failed since the last good one. */
  since: Schema.DateFromString,
  /** How many have failed since. */
  count: Schema.Natural,
})

/** A connection, with the state of its sync. Instants are UTC. */
export const ConnectionState = Schema.Struct({
  name: Schema.String,
  provider: Schema.String,
  /**
   * - `waiting`: for its next sync.
   * - `syncing`
   * - `failing`: the last sync failed; it is tried again, less and less often.
   * - `stored`: its executions are stored, and it is not synced here.
   */
  state: Schema.Literals(["waiting", "syncing", "failing", "stored"]),
  /** Null if it is not synced here. */
  intervalMs: Schema.NullOr(Schema.Finite),
  /** When a sync of it last completed; null if none has. */
  syncedAt: MaybeInstant,
  /** Everything listed up to this time is stored; null if nothing is. */
  listedUpTo: MaybeInstant,
  /** When its next sync begins; null while one runs, and if it is not synced here. */
  nextSyncAt: MaybeInstant,
  failure: Schema.NullOr(SyncFailure),
  /** The warnings of its last sync. */
  warnings: Schema.Array(Schema.Struct({ code: Schema.String, text: Schema.String })),
  /** Rejected items that are stored. */
  rejected: Schema.Natural,
})

/** An item that could not be read, as it is stored. */
const RejectedItem = Schema.Struct({
  connection: Schema.String,
  provider: Schema.String,
  id: Schema.NullOr(Schema.String),
  reason: Schema.String,
  /** The item, as the provider sent it; null if the server is not configured to show raw items. */
  raw: Schema.NullOr(Schema.Json),
  observedAt: Schema.DateFromString,
})

const list = HttpApiEndpoint.get("list", "/connections", {
  success: Schema.Struct({ connections: Schema.Array(ConnectionState) }),
  error: queryProblems,
}).annotateMerge(OpenApi.annotations({ summary: "Connections, with the state of their sync" }))

const rejected = HttpApiEndpoint.get("rejected", "/rejected", {
  query: {
    connection: Schema.optionalKey(Schema.NonEmptyString),
    limit: Schema.optionalKey(integerIn(pageSizes)),
    cursor: Schema.optionalKey(Schema.NonEmptyString),
  },
  success: Schema.Struct({
    rejected: Schema.Array(RejectedItem),
    next: Schema.NullOr(Schema.String),
  }),
  error: queryProblems,
})
  .annotateMerge(describeIntegers({ limit: pageSizes }))
  .annotateMerge(
  OpenApi.annotations({ summary: "Items that could not be read, each with its reason" }),
)

const sync = HttpApiEndpoint.post("sync", "/connections/:connection/sync", {
  params: { connection: Schema.NonEmptyString },
  success: HttpApiSchema.Accepted,
  error: [NotFound, Forbidden],
}).annotateMerge(OpenApi.annotations({ summary: "Sync a connection now" }))

/** Connections and what could not be read of them. */
export class ConnectionsApi extends HttpApiGroup.make("connections").add(list, rejected, sync) {}
