import type { Execution, FilterPlan, LogQuery } from "@execlog/core"
import { emptyFields } from "@execlog/core/unstable"
import { describe, expect, it } from "vitest"
import { isUnfiltered, passes } from "../src/kit/InMemoryFilter.js"

const executionOf = (startedAt: Date | null): Execution => ({
  ...emptyFields,
  provider: "sample",
  connection: null,
  id: "1",
  workflow: { id: "flow", name: null, version: null },
  status: "failed",
  providerStatus: "bad",
  timestamp: startedAt,
  startedAt,
  actor: { kind: "end_user", id: "maria", name: null, email: null },
})
const execution = executionOf(new Date("2026-11-21T08:00:00Z"))

const passing: ReadonlyArray<LogQuery> = [
  {},
  { workflowId: "flow", status: ["failed", "running"], actorId: "maria" },
  { since: "2026-11-21T08:00:00Z", until: "2026-11-21T08:00:00.001Z" },
]
/** A query of each filter that the execution does not match. */
const failing: Readonly<Record<Exclude<FilterPlan["filter"], "search" | "planned">, LogQuery>> = {
  workflowId: { workflowId: "other" },
  status: { status: ["succeeded"] },
  actorId: { actorId: "peter" },
  tag: { tag: "nightly" },
  since: { since: "2026-11-21T08:00:00.001Z" },
  until: { until: "2026-11-21T08:00:00Z" },
  finishedSince: { finishedSince: "2000-01-01" },
  finishedUntil: { finishedUntil: "2100-01-01" },
  providerStatus: { providerStatus: "good" },
  attributes: { attributes: { room: "b" } },
}

describe("the in-memory filter", () => {
  it.each(passing)("passes an execution that matches %j", (query) => {
    expect(passes(execution, query, Date.parse("2026-11-21T12:00:00Z"))).toBe(true)
  })

  it.each(Object.values(failing))("excludes an execution that does not match %j", (query) => {
    expect(passes(execution, query, Date.parse("2026-11-21T12:00:00Z"))).toBe(false)
  })

  it("excludes an execution without a start from a range of time", () => {
    const waiting = executionOf(null)
    expect(passes(waiting, { since: "2000-01-01" }, 0)).toBe(false)
    expect(passes(waiting, { until: "2100-01-01" }, 0)).toBe(false)
  })

  it("recognizes a query without filters", () => {
    expect(isUnfiltered({ pageSize: 3, include: ["raw"], order: "oldest" })).toBe(true)
    expect(Object.values(failing).some(isUnfiltered)).toBe(false)
  })
})
