import { Wire } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"

/** Seconds since 1970, 0 for none. `get` of older servers (1.0.1) returns text. */
const Time = Schema.Union([Wire.epochSeconds, Wire.rfc2822Time])

/** The fields of a run in a log row and in `get`. */
const runFields = {
  status: Schema.String,
  error: Schema.String,
  elapsed_time: Schema.Finite,
  total_tokens: Schema.Finite,
  total_steps: Schema.Finite,
  created_at: Time,
  finished_at: Time,
}

const Account = Wire.item({ id: Schema.String }, { name: Schema.String, email: Schema.String })

const EndUser = Wire.item(
  { id: Schema.String },
  { type: Schema.String, is_anonymous: Schema.Boolean, session_id: Schema.String },
)

/** A row of GET /workflows/logs, according to both published documents and a real 1.12.1 server. */
export const LogRow = Wire.item(
  { id: Wire.id, created_at: Wire.epochSeconds },
  {
    created_from: Schema.String,
    created_by_role: Schema.String,
    // Older servers return the id alone.
    created_by_account: Schema.Union([Schema.String, Account]),
    created_by_end_user: EndUser,
    workflow_run: Wire.item(
      { id: Wire.id },
      {
        ...runFields,
        version: Schema.String,
        triggered_from: Schema.String,
        exceptions_count: Schema.Finite,
      },
    ),
  },
)
export type LogRow = typeof LogRow.Type

/** The response of GET /workflows/run/{id}. */
export const Run = Wire.item(
  { id: Wire.id },
  {
    ...runFields,
    workflow_id: Schema.String,
    // JSON text in real responses, an object in the published document.
    inputs: Wire.json,
    outputs: Wire.json,
  },
)
export type Run = typeof Run.Type

/** The response for an unknown run: 200, with null in every field. */
export const MissingRun = Schema.Struct({ id: Schema.Null, status: Schema.Null })

/** The error for a key whose app has no workflow. */
export const NotWorkflowApp = Schema.Struct({ code: Schema.Literal("not_workflow_app") })
