import { Wire } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"

/** What went wrong in a node, or in an execution. */
const NodeError = Wire.partial({
  message: Schema.String,
  description: Schema.String,
  name: Schema.String,
})
export type NodeError = typeof NodeError.Type

/** Where a node had its input from: an output of a run of another node, the first where not said. */
const Source = Wire.item(
  { previousNode: Schema.String },
  { previousNodeOutput: Schema.Int, previousNodeRun: Schema.Int },
)

/** One run of a node. In a loop, a node has several. */
export const NodeRun = Wire.partial({
  startTime: Wire.epochMilliseconds,
  executionTime: Schema.Finite,
  executionIndex: Schema.Finite,
  executionStatus: Schema.String,
  source: Schema.Array(Schema.NullOr(Source)),
  data: Wire.json,
  inputOverride: Wire.json,
  error: NodeError,
})
export type NodeRun = typeof NodeRun.Type

/** The runs of each node by its name. What is no list tells of no runs. */
const RunData = Schema.Record(
  Schema.String,
  Schema.Union([Schema.Array(NodeRun), Schema.Record(Schema.String, Schema.Unknown)]),
)

const Node = Wire.item({ name: Schema.String }, { id: Schema.String, type: Schema.String })
export type Node = typeof Node.Type

/** An execution of GET /executions and of GET /executions/{id}; the last three on request. */
export const Item = Wire.item(
  { id: Wire.idOrNumber },
  {
    status: Schema.String,
    mode: Schema.String,
    finished: Schema.Boolean,
    startedAt: Wire.isoTime,
    stoppedAt: Wire.isoTime,
    createdAt: Wire.isoTime,
    waitTill: Schema.String,
    workflowId: Wire.idOrNumber,
    retryOf: Wire.idOrNumber,
    retrySuccessId: Wire.idOrNumber,
    data: Wire.partial({
      resultData: Wire.partial({
        runData: RunData,
        lastNodeExecuted: Schema.String,
        error: NodeError,
      }),
      parentExecution: Wire.partial({ executionId: Wire.idOrNumber }),
    }),
    workflowData: Wire.partial({
      name: Schema.String,
      versionId: Schema.String,
      activeVersionId: Schema.String,
      nodes: Schema.Array(Node),
    }),
    customData: Wire.json,
  },
)
export type Item = typeof Item.Type
