import { Wire } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"

/** An event of GET /logs. An execution has up to two: its start and its end. */
export const Event = Wire.item(
  {
    message: Schema.String,
    data: Wire.item({ executionUuid: Wire.id }, { executionId: Schema.String }),
    createdAt: Wire.isoTime,
  },
  {
    startedAt: Wire.isoTime,
    completedAt: Wire.isoTime,
    customVersion: Schema.Boolean,
    workflowVersion: Schema.Union([Schema.Finite, Schema.String]),
    teamId: Schema.String,
    forgeWorkflowId: Schema.String,
    workflowId: Schema.String,
    userId: Schema.String,
    user: Wire.partial({ email: Schema.String, fullName: Schema.String }),
    forgeWorkflow: Wire.partial({
      name: Schema.String,
      integrationId: Wire.partial({ _id: Schema.String, name: Schema.String }),
    }),
  },
)
export type Event = typeof Event.Type

/** The result of one step, of GET /workflows/{workflowId}/logs. */
export const StepResult = Wire.partial({
  connectorId: Schema.String,
  startedAt: Wire.isoTime,
  stoppedAt: Wire.isoTime,
  data: Wire.json,
  error: Wire.json,
})
export type StepResult = typeof StepResult.Type

/** An execution of GET /workflows/{workflowId}/logs. */
export const DetailedLog = Wire.item(
  { executionId: Wire.id, startedAt: Wire.isoTime },
  {
    stoppedAt: Wire.isoTime,
    finished: Schema.Boolean,
    results: Schema.Array(StepResult),
    inputs: Schema.Array(Wire.partial({ connectorId: Schema.String, data: Wire.json })),
  },
)
export type DetailedLog = typeof DetailedLog.Type
