import { ExecutionFromJson, ExecutionStatus, Include } from "@execlog/core"
import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { NotFound, queryProblems } from "./Problem.js"
import { describeIntegers, integerIn, type Range } from "./IntegerParameters.js"
import { listParameters } from "./QueryParameters.js"

const Instant = Schema.DateFromString
const MaybeInstant = Schema.NullOr(Instant)

/** How many executions or changes a page may have. */
const pageSizes: Range = [1, 500]
/** The numbers of changes. */
const numbers: Range = [0, Number.MAX_SAFE_INTEGER]

/** A page of executions. */
const ExecutionPage = Schema.Struct({
  executions: Schema.Array(ExecutionFromJson),
  /** Pass it as `cursor` to continue; null at the end. */
  next: Schema.NullOr(Schema.String),
})

/** A status and the provider's own word for it. */
const Status = Schema.Struct({
  status: ExecutionStatus,
  providerStatus: Schema.NullOr(Schema.String),
})

/** One execution with its history in the store. Instants are UTC. */
const ExecutionDetail = Schema.Struct({
  execution: ExecutionFromJson,
  firstSeenAt: Instant,
  lastSeenAt: Instant,
  /** Since when it is no longer requested, because it was unfinished for too long; else null. */
  staleAt: MaybeInstant,
  /** Since when the provider no longer has it, if it was unfinished then; else null. */
  goneAt: MaybeInstant,
  /** Whether its details, such as the reason of a failure, were requested from the provider. */
  isDetailed: Schema.Boolean,
  /** The observed changes of status, oldest first. */
  changes: Schema.Array(
    Schema.Struct({ previous: Schema.NullOr(Status), next: Status, observedAt: Instant }),
  ),
})

/** A change of status, with the execution as it is now except for its status. */
const ExecutionChange = Schema.Struct({
  /** Increases with each change, across all connections. */
  number: Schema.Int,
  /** Null when the execution is new. */
  previous: Schema.NullOr(Status),
  observedAt: Instant,
  execution: ExecutionFromJson,
})

const list = HttpApiEndpoint.get("list", "/executions", {
  query: {
    ...listParameters,
    limit: Schema.optionalKey(integerIn(pageSizes)),
    cursor: Schema.optionalKey(Schema.NonEmptyString),
  },
  success: [ExecutionPage, HttpApiSchema.StreamNdjson({ schema: ExecutionFromJson })],
  error: queryProblems,
})
  .annotateMerge(describeIntegers({ limit: pageSizes }))
  .annotateMerge(
  OpenApi.annotations({
    summary: "List executions",
    description:
      "By timestamp, newest first unless `order` says otherwise. With `Accept: application/x-ndjson`, all executions from `cursor` on are streamed, one a line, and `limit` may be left out.",
  }),
)

const get = HttpApiEndpoint.get("get", "/executions/:connection/:id", {
  params: { connection: Schema.NonEmptyString, id: Schema.NonEmptyString },
  query: { include: Schema.optionalKey(Schema.Array(Include)) },
  success: ExecutionDetail,
  error: [NotFound, ...queryProblems],
}).annotateMerge(
  OpenApi.annotations({ summary: "One execution, with its changes of status" }),
)

const changes = HttpApiEndpoint.get("changes", "/changes", {
  query: {
    after: Schema.optionalKey(integerIn(numbers)),
    limit: Schema.optionalKey(integerIn(pageSizes)),
  },
  headers: { "last-event-id": Schema.optionalKey(Schema.String) },
  success: [Schema.Array(ExecutionChange), HttpApiSchema.StreamSse({ data: ExecutionChange })],
  error: queryProblems,
})
  .annotateMerge(describeIntegers({ after: numbers, limit: pageSizes }))
  .annotateMerge(
  OpenApi.annotations({
    summary: "Changes of status, in the order in which they were observed",
    description:
      "With `Accept: text/event-stream`, server-sent events: each has the change's number as its id, and a connection that was lost resumes by `Last-Event-ID`. Without `after`, events begin now.",
  }),
)

/** Executions and their changes. */
export class ExecutionsApi extends HttpApiGroup.make("executions").add(list, get, changes) {}
