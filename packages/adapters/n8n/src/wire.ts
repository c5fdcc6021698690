import { Wire } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"

/** The error of a node or of an execution. */
const NodeError = Wire.partial({
  message: Schema.String,
  description: Schema.String,
  name: Schema.String,
})
export type NodeError = typeof NodeError.Type

/** The source of a node's input: an output of a run of another node, by default the first. */
const Source = Wire.item(
  { previousNode: Schema.String },
  { previousNodeOutput: Schema.Int, previousNodeRun: Schema.Int },
)

/** One run of a node. A node in a loop has several. */
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

/** The runs of each node, by its name. Values that are not lists are ignored. */
const RunData = Schema.Record(
  Schema.String,
  Schema.Union([Schema.Array(NodeRun), Schema.Record(Schema.String, Schema.Unknown)]),
)

const Node = Wire.item({ name: Schema.String }, { id: Schema.String, type: Schema.String })
export type Node = typeof Node.Type

/** An execution of GET /executions and of GET /executions/{id}; the last three only on request. */
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
