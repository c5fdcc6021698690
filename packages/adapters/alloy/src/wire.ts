import { Wire } from "@execlog/core"
import * as Schema from "effect/Schema"

/** An event of GET /logs. An execution has up to two: its start and its end. */
export const Event = Schema.Struct({
  message: Schema.String,
  data: Schema.Struct({ executionUuid: Wire.id, executionId: Wire.maybe(Schema.String) }),
  startedAt: Wire.maybe(Wire.isoTime),
  completedAt: Wire.maybe(Wire.isoTime),
  createdAt: Wire.isoTime,
  customVersion: Wire.maybe(Schema.Boolean),
  workflowVersion: Wire.maybe(Schema.Union([Schema.Finite, Schema.String])),
  teamId: Wire.maybe(Schema.String),
  forgeWorkflowId: Wire.maybe(Schema.String),
  workflowId: Wire.maybe(Schema.String),
  userId: Wire.maybe(Schema.String),
  user: Wire.maybe(
    Schema.Struct({ email: Wire.maybe(Schema.String), fullName: Wire.maybe(Schema.String) }),
  ),
  forgeWorkflow: Wire.maybe(
    Schema.Struct({
      name: Wire.maybe(Schema.String),
      integrationId: Wire.maybe(
        Schema.Struct({
          _id: Wire.maybe(Schema.String),
          name: Wire.maybe(Schema.String),
        }),
      ),
    }),
  ),
})
export type Event = typeof Event.Type

export const Events = Schema.Struct({
  notifications: Schema.Array(Schema.Unknown),
  pagination: Wire.maybe(Schema.Struct({ totalItems: Wire.maybe(Schema.Finite) })),
})

/** What one step gave, of GET /workflows/{workflowId}/logs. */
export const StepResult = Schema.Struct({
  connectorId: Wire.maybe(Schema.String),
  startedAt: Wire.maybe(Wire.isoTime),
  stoppedAt: Wire.maybe(Wire.isoTime),
  data: Wire.maybe(Wire.json),
  error: Wire.maybe(Wire.json),
})
export type StepResult = typeof StepResult.Type

/** An execution of GET /workflows/{workflowId}/logs. */
export const DetailedLog = Schema.Struct({
  executionId: Wire.id,
  startedAt: Wire.isoTime,
  stoppedAt: Wire.maybe(Wire.isoTime),
  finished: Wire.maybe(Schema.Boolean),
  results: Wire.maybe(Schema.Array(StepResult)),
  inputs: Wire.maybe(
    Schema.Array(
      Schema.Struct({ connectorId: Wire.maybe(Schema.String), data: Wire.maybe(Wire.json) }),
    ),
  ),
})
export type DetailedLog = typeof DetailedLog.Type

export const DetailedLogs = Schema.Struct({ data: Schema.Array(Schema.Unknown) })
