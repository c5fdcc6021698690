import { expect, it } from "vitest"
import { redactExecution } from "../src/model/Masking.js"
import { emptyPathsOf, fullExecution, leavesOf } from "./FullExecution.js"

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

it("can mask every field of an execution, its steps and its actor, except the exempt ones", () => {
  const before = leavesOf(fullExecution)
  expect(emptyPathsOf(fullExecution)).toEqual([])
  const masked = leavesOf(redactExecution(() => true, fullExecution))
  const kept = masked.flatMap(([path, value]) => (value === "<redacted>" ? [] : [path]))
  expect(kept.toSorted()).toEqual(exempt.toSorted())
  expect(masked.map(([path]) => path).toSorted()).toEqual(before.map(([path]) => path).toSorted())
})
