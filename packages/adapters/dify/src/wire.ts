import { Wire } from "@execlog/core"
import * as Schema from "effect/Schema"

/** Seconds since 1970, where 0 stands for no time; older servers (1.0.1) write text in `get`. */
const Time = Schema.Union([Wire.epochSeconds, Wire.rfc2822Time])

/** A row of GET /workflows/logs: the two published documents and a real 1.12.1 server in one. */
export const LogRow = Schema.Struct({
  id: Wire.id,
  created_at: Wire.epochSeconds,
  created_from: Wire.maybe(Schema.String),
  created_by_role: Wire.maybe(Schema.String),
  created_by_account: Wire.maybe(
    Schema.Union([
      // Older servers give the id alone.
      Schema.String,
      Schema.Struct({
        id: Schema.String,
        name: Wire.maybe(Schema.String),
        email: Wire.maybe(Schema.String),
      }),
    ]),
  ),
  created_by_end_user: Wire.maybe(
    Schema.Struct({
      id: Schema.String,
      type: Wire.maybe(Schema.String),
      is_anonymous: Wire.maybe(Schema.Boolean),
      session_id: Wire.maybe(Schema.String),
    }),
  ),
  workflow_run: Wire.maybe(
    Schema.Struct({
      id: Wire.id,
      version: Wire.maybe(Schema.String),
      status: Wire.maybe(Schema.String),
      triggered_from: Wire.maybe(Schema.String),
      error: Wire.maybe(Schema.String),
      elapsed_time: Wire.maybe(Schema.Finite),
      total_tokens: Wire.maybe(Schema.Finite),
      total_steps: Wire.maybe(Schema.Finite),
      created_at: Wire.maybe(Time),
      finished_at: Wire.maybe(Time),
      exceptions_count: Wire.maybe(Schema.Finite),
    }),
  ),
})
export type LogRow = typeof LogRow.Type

export const LogRows = Schema.Struct({
  data: Schema.Array(Schema.Unknown),
  has_more: Wire.maybe(Schema.Boolean),
  total: Wire.maybe(Schema.Finite),
})

/** The answer of GET /workflows/run/{id}. */
export const Run = Schema.Struct({
  id: Wire.id,
  workflow_id: Wire.maybe(Schema.String),
  status: Wire.maybe(Schema.String),
  // A text of JSON in real answers, an object in the published document.
  inputs: Wire.maybe(Wire.json),
  outputs: Wire.maybe(Wire.json),
  error: Wire.maybe(Schema.String),
  total_steps: Wire.maybe(Schema.Finite),
  total_tokens: Wire.maybe(Schema.Finite),
  created_at: Wire.maybe(Time),
  finished_at: Wire.maybe(Time),
  elapsed_time: Wire.maybe(Schema.Finite),
})
export type Run = typeof Run.Type

/** The refusal of a key whose app has no workflow. */
export const NotWorkflowApp = Schema.Struct({ code: Schema.Literal("not_workflow_app") })
