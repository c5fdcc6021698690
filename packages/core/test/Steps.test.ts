import { expect, it } from "vitest"
import type { StepDraft } from "../src/adapter/ExecutionDraft.js"
import { completeExecution } from "../src/reading/MapExecution.js"
import type { Include } from "../src/model/Execution.js"

const source = {
  provider: "sample",
  name: null,
  statuses: { ok: "succeeded", going: "running" },
  redact: null,
} as const

const began = new Date("2026-11-21T08:00:00Z")
const ended = new Date("2026-11-21T08:00:02Z")

const allParts: ReadonlyArray<Include> = ["steps", "inputs", "outputs"]

const stepOf = (draft: Partial<StepDraft>, include = allParts) => {
  const step = { providerStatus: "ok", startedAt: began, finishedAt: ended, ...draft }
  const execution = { id: "1", providerStatus: "ok", startedAt: began, finishedAt: ended }
  const completed = completeExecution({ ...execution, steps: [step] }, source, {
    listedAt: null,
    raw: undefined,
    wanted: new Set(include),
  })
  return "steps" in completed ? completed.steps?.[0] : undefined
}

it("a step takes its status from the adapter's table, and what it leaves out is null", () => {
  expect(stepOf({})).toEqual({
    id: null,
    name: null,
    type: null,
    status: "succeeded",
    providerStatus: "ok",
    startedAt: began,
    finishedAt: ended,
    durationMs: 2000,
    error: null,
    attributes: {},
  })
})

it.each(["constructor", "toString", "__proto__", "exploded", null])(
  "a step whose provider says %j is unknown",
  (word) => {
    expect(stepOf({ providerStatus: word })?.status).toBe("unknown")
  },
)

it("a step that goes on has no end and no duration", () => {
  expect(stepOf({ providerStatus: "going", durationMs: 7 })).toMatchObject({
    status: "running",
    finishedAt: null,
    durationMs: null,
  })
})

it("a step keeps the provider's own figure, and what it was given", () => {
  const given = { durationMs: 1.5, inputs: { a: 1 }, outputs: null, error: { message: "no" } }
  expect(stepOf(given)).toMatchObject({ ...given, error: { message: "no", type: null } })
})

it("a step holds its inputs and outputs only where they are asked for", () => {
  const given = { inputs: { a: 1 }, outputs: [2] }
  expect(stepOf(given, ["steps"])).not.toHaveProperty("inputs")
  expect(stepOf(given, ["steps", "inputs"])).toMatchObject({ inputs: { a: 1 } })
  expect(stepOf(given, ["steps", "inputs"])).not.toHaveProperty("outputs")
  expect(stepOf(given, ["inputs", "outputs"])).toBeUndefined()
})

it("an attribute that is null is none", () => {
  expect(stepOf({ attributes: { a: null, b: 0, c: undefined, d: "" } })?.attributes).toEqual({
    b: 0,
    d: "",
  })
})

it("a step whose time is none costs its execution, which says so", () => {
  expect(() => stepOf({ startedAt: new Date(Number.NaN) })).toThrow("startedAt is not a valid time")
})
