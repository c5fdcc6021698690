import { describe, expect, it } from "vitest"
import type { Execution } from "../src/index.js"
import { mergeObservation } from "../src/unstable.js"

const listed = {
  provider: "sample",
  connection: "shop",
  id: "1",
  workflow: { id: "w", name: "Refunds", version: "3" },
  status: "running",
  providerStatus: "going",
  timestamp: new Date("2026-11-21T08:00:00Z"),
  scheduledFor: null,
  startedAt: new Date("2026-11-21T08:00:00Z"),
  finishedAt: null,
  listedAt: new Date("2026-11-21T08:00:01Z"),
  durationMs: null,
  error: null,
  trigger: { kind: "webhook", providerKind: "hook" },
  actor: { kind: "end_user", id: "u", name: "Ada", email: "ada@example.com" },
  attempt: 2,
  retryOf: "0",
  parentId: "p",
  tags: ["a"],
  usage: { totalTokens: 5, totalSteps: 2 },
  url: "https://sample.example/1",
  attributes: { room: "a", lamp: 1 },
} satisfies Execution

/** The execution from an endpoint that returns only the outcome. */
const bare = {
  ...listed,
  workflow: { id: null, name: null, version: null },
  status: "failed",
  providerStatus: "bad",
  timestamp: new Date("2026-11-21T08:00:09Z"),
  startedAt: null,
  finishedAt: new Date("2026-11-21T08:00:09Z"),
  listedAt: null,
  durationMs: 9000,
  error: { message: "no more paper", type: null, stepId: null },
  trigger: { kind: "unknown", providerKind: null },
  actor: null,
  attempt: null,
  retryOf: null,
  parentId: null,
  tags: [],
  usage: { totalTokens: null, totalSteps: null },
  url: null,
  attributes: { lamp: 2 },
} satisfies Execution

describe("mergeObservation", () => {
  it("updates the fields that a new observation has, and keeps the others", () => {
    const { status, providerStatus, timestamp, startedAt, finishedAt, durationMs, error } = bare
    expect(mergeObservation(listed, bare)).toEqual({
      ...listed,
      status,
      providerStatus,
      timestamp,
      startedAt,
      finishedAt,
      durationMs,
      error,
      attributes: { room: "a", lamp: 2 },
    })
  })

  it("replaces every field that the new observation has", () => {
    expect(mergeObservation(bare, listed)).toEqual(listed)
  })

  it("keeps steps, inputs, outputs and raw when the new observation did not include them", () => {
    const detailed = { ...listed, steps: [], inputs: { a: 1 }, outputs: 2, raw: {} }
    expect(mergeObservation(detailed, bare)).toMatchObject({
      status: "failed",
      steps: [],
      inputs: { a: 1 },
      outputs: 2,
      raw: {},
    })
    expect(mergeObservation(detailed, { ...bare, inputs: null, outputs: null })).toMatchObject({
      inputs: null,
      outputs: null,
    })
    expect(Object.keys(mergeObservation(listed, bare)).toSorted()).toEqual(
      Object.keys(listed).toSorted(),
    )
  })

  it("drops the error and the end of an execution that was repeated", () => {
    expect(mergeObservation(bare, listed)).toMatchObject({
      status: "running",
      finishedAt: null,
      durationMs: null,
      error: null,
    })
  })

  it("keeps the error of the same end when the new observation has none", () => {
    expect(mergeObservation(bare, { ...bare, error: null }).error).toEqual(bare.error)
    const later = new Date("2026-11-21T09:00:00Z")
    expect(mergeObservation(bare, { ...bare, error: null, finishedAt: later }).error).toBeNull()
    expect(mergeObservation(bare, { ...bare, error: null, providerStatus: "ill" }).error).toBeNull()
  })

  it("keeps the name of the same actor, and nothing of another one", () => {
    const nameless = { kind: "end_user", id: "u", name: null, email: null } as const
    expect(mergeObservation(listed, { ...bare, actor: nameless }).actor).toEqual(listed.actor)
    const other = { ...nameless, id: "v" }
    expect(mergeObservation(listed, { ...bare, actor: other }).actor).toEqual(other)
  })

  it("keeps a known trigger when the new one is unknown", () => {
    const odd = { kind: "unknown", providerKind: "odd" } as const
    expect(mergeObservation(listed, { ...bare, trigger: odd }).trigger).toEqual(listed.trigger)
    expect(mergeObservation(bare, { ...bare, trigger: odd }).trigger).toEqual(odd)
  })

  it("writes the same JSON when nothing has changed", () => {
    const again = mergeObservation(structuredClone(listed), listed)
    expect(JSON.stringify(again)).toBe(JSON.stringify(listed))
  })
})
