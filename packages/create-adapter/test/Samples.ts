import type { Json } from "../src/shared/Json.js"

/** Two executions in names of a style of their own, the newest first. */
export const executions: ReadonlyArray<Json> = [
  {
    runId: 9003,
    State: "SUCCESS",
    started_at: "2026-11-20T10:05:00.250Z",
    finishedAt: "2026-11-20T10:05:04.750Z",
    "Created-At": "2026-11-20T10:04:59.100Z",
    elapsed: 4.5,
    flow: { id: "f-1", name: "Orders" },
    mode: "cron",
    error: null,
    "retry-of": null,
    cost: 0.2,
  },
  {
    runId: 9002,
    State: "ZONKED",
    started_at: "2026-11-20T10:03:00.250Z",
    finishedAt: "2026-11-20T10:03:14.750Z",
    "Created-At": "2026-11-20T10:02:59.100Z",
    elapsed: 14.5,
    flow: { id: "f-1", name: "Orders" },
    mode: "webhook",
    error: { message: "It zonked.", code: "E1" },
    "retry-of": 9001,
    cost: 1,
  },
]

/** An execution as JSON, with other fields. */
export const executionWith = (fields: { readonly [name: string]: Json }): Json => ({
  id: "1",
  status: "success",
  startedAt: "2026-11-20T10:00:00Z",
  finishedAt: "2026-11-20T10:00:05Z",
  ...fields,
})
