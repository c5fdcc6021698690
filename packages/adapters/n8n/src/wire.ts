import { Wire } from "@execlog/core"
import * as Schema from "effect/Schema"

/** What went wrong in a node, or in an execution. */
const NodeError = Schema.Struct({
  message: Wire.maybe(Schema.String),
  description: Wire.maybe(Schema.String),
  name: Wire.maybe(Schema.String),
})
export type NodeError = typeof NodeError.Type

/** Where a node had its input from: an output of a run of another node, the first where not said. */
const Source = Schema.Struct({
  previousNode: Schema.String,
  previousNodeOutput: Wire.maybe(Schema.Int),
  previousNodeRun: Wire.maybe(Schema.Int),
})

/** One run of a node. In a loop, a node has several. */
export const NodeRun = Schema.Struct({
  startTime: Wire.maybe(Wire.epochMilliseconds),
  executionTime: Wire.maybe(Schema.Finite),
  executionIndex: Wire.maybe(Schema.Finite),
  executionStatus: Wire.maybe(Schema.String),
  source: Wire.maybe(Schema.Array(Schema.NullOr(Source))),
  data: Wire.maybe(Wire.json),
  inputOverride: Wire.maybe(Wire.json),
  error: Wire.maybe(NodeError),
})
export type NodeRun = typeof NodeRun.Type

/** The runs of each node by its name. What is no list tells of no runs. */
const RunData = Schema.Record(
  Schema.String,
  Schema.Union([Schema.Array(NodeRun), Schema.Record(Schema.String, Schema.Unknown)]),
)

const Node = Schema.Struct({
  id: Wire.maybe(Schema.String),
  name: Schema.String,
  type: Wire.maybe(Schema.String),
})
export type Node = typeof Node.Type

/** An execution of GET /executions and of GET /executions/{id}; the last three on request. */
export const Item = Schema.Struct({
  id: Wire.idOrNumber,
  status: Wire.maybe(Schema.String),
  mode: Wire.maybe(Schema.String),
  finished: Wire.maybe(Schema.Boolean),
  startedAt: Wire.maybe(Wire.isoTime),
  stoppedAt: Wire.maybe(Wire.isoTime),
  createdAt: Wire.maybe(Wire.isoTime),
  waitTill: Wire.maybe(Schema.String),
  workflowId: Wire.maybe(Wire.idOrNumber),
  retryOf: Wire.maybe(Wire.idOrNumber),
  retrySuccessId: Wire.maybe(Wire.idOrNumber),
  data: Wire.maybe(
    Schema.Struct({
      resultData: Wire.maybe(
        Schema.Struct({
          runData: Wire.maybe(RunData),
          lastNodeExecuted: Wire.maybe(Schema.String),
          error: Wire.maybe(NodeError),
        }),
      ),
      parentExecution: Wire.maybe(Schema.Struct({ executionId: Wire.maybe(Wire.idOrNumber) })),
    }),
  ),
  workflowData: Wire.maybe(
    Schema.Struct({
      name: Wire.maybe(Schema.String),
      versionId: Wire.maybe(Schema.String),
      activeVersionId: Wire.maybe(Schema.String),
      nodes: Wire.maybe(Schema.Array(Node)),
    }),
  ),
  customData: Wire.maybe(Wire.json),
})
export type Item = typeof Item.Type

export const Items = Schema.Struct({
  data: Schema.Array(Schema.Unknown),
  nextCursor: Wire.maybe(Schema.String),
})
