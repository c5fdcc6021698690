import { expect, it } from "vitest"
import type { Actor, Execution, Step } from "../src/index.js"
import { redactExecution } from "../src/model/Masking.js"

const at = new Date("2026-11-21T08:00:00Z")

const step: Required<Step> = {
  id: "step-1",
  name: "Hook",
  type: "http",
  status: "failed",
  providerStatus: "error",
  startedAt: at,
  finishedAt: at,
  durationMs: 1,
  error: { message: "no", type: "Refused" },
  inputs: "in",
  outputs: "out",
  attributes: { note: "n" },
}

const actor: Required<Actor> = {
  kind: "end_user",
  id: "user-1",
  name: "Dana",
  email: "dana@example.com",
}

/** An execution in which every field has a value. */
const execution: Required<Execution> = {
  provider: "sample",
  connection: "shop",
  id: "execution-1",
  workflow: { id: "workflow-1", name: "Orders", version: "7" },
  status: "failed",
  providerStatus: "error",
  timestamp: at,
  scheduledFor: at,
  startedAt: at,
  finishedAt: at,
  listedAt: at,
  durationMs: 1,
  error: { message: "no", type: "Refused", stepId: "step-1" },
  trigger: { kind: "webhook", providerKind: "hook" },
  actor,
  attempt: 1,
  retryOf: "execution-0",
  parentId: "execution-2",
  tags: ["nightly"],
  usage: { totalTokens: 3, totalSteps: 1 },
  url: "https://sample.example/execution-1",
  steps: [step],
  inputs: "in",
  outputs: "out",
  attributes: { region: "north" },
  raw: "row",
}

/** Fields that identify, count or date an execution, or belong to the provider's own vocabulary. */
const exempt = [
  "provider",
  "connection",
  "id",
  "workflow.id",
  "workflow.version",
  "status",
  "providerStatus",
  "timestamp",
  "scheduledFor",
  "startedAt",
  "finishedAt",
  "listedAt",
  "durationMs",
  "error.type",
  "error.stepId",
  "trigger.kind",
  "trigger.providerKind",
  "actor.kind",
  "attempt",
  "retryOf",
  "parentId",
  "tags.0",
  "usage.totalTokens",
  "usage.totalSteps",
  ...[
    "id",
    "type",
    "status",
    "providerStatus",
    "startedAt",
    "finishedAt",
    "durationMs",
    "error.type",
  ].map((name) => `steps.0.${name}`),
]

/** The values in an object, each with its path. */
const leavesOf = (value: unknown, path = ""): ReadonlyArray<readonly [string, unknown]> =>
  typeof value === "object" && value !== null && !(value instanceof Date)
    ? Object.entries(value).flatMap(([name, inner]) =>
        leavesOf(inner, path === "" ? name : `${path}.${name}`),
      )
    : [[path, value]]

it("can mask every field of an execution, its steps and its actor, except the exempt ones", () => {
  const before = leavesOf(execution)
  expect(before.filter(([, value]) => value === null || value === undefined)).toEqual([])
  const masked = leavesOf(redactExecution(() => true, execution))
  const kept = masked.flatMap(([path, value]) => (value === "<redacted>" ? [] : [path]))
  expect(kept.toSorted()).toEqual(exempt.toSorted())
  expect(masked.map(([path]) => path).toSorted()).toEqual(before.map(([path]) => path).toSorted())
})
