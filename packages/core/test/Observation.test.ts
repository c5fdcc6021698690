import * as Struct from "effect/Struct"
import { describe, expect, it } from "vitest"
import type { Execution } from "../src/index.js"
import { mergeObservation } from "../src/unstable.js"
import { bareExecution } from "./BareExecution.js"
import { emptyPathsOf, fullExecution } from "./FullExecution.js"

/** An execution in which every field that a list returns has a value. */
const full: Execution = Struct.omit(fullExecution, ["steps", "inputs", "outputs", "raw"])

/** The execution while it runs. */
const listed: Execution = {
  ...full,
  status: "running",
  providerStatus: "going",
  finishedAt: null,
  durationMs: null,
  error: null,
  attributes: { room: "a", lamp: 1 },
}

/** The execution from an endpoint that returns only the outcome. */
const bare = bareExecution({
  provider: full.provider,
  connection: full.connection,
  id: full.id,
  status: "timed_out",
  providerStatus: "bad",
  timestamp: new Date("2026-11-21T08:00:09Z"),
  finishedAt: new Date("2026-11-21T08:00:09Z"),
  durationMs: 9000,
  error: { message: "no more paper", type: null, stepId: null },
  attributes: { lamp: 2 },
})

describe("mergeObservation", () => {
  it("updates the fields that a new observation has, and keeps the others", () => {
    expect(emptyPathsOf(full)).toEqual([])
    const { status, providerStatus, timestamp, startedAt, finishedAt, durationMs, error } = bare
    expect(mergeObservation({ ...full, attributes: { room: "a", lamp: 1 } }, bare)).toEqual({
      ...full,
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
      status: bare.status,
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
    const nameless = { kind: "end_user", id: "user-1", name: null, email: null } as const
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
