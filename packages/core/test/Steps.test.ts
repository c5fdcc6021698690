import { expect, it } from "vitest"
import type { StepDraft } from "../src/adapter/ExecutionDraft.js"
import type { Include } from "../src/model/Execution.js"
import { completeExecution } from "../src/reading/MapExecution.js"

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

it("takes the status of a step from the adapter's table, and null for what is absent", () => {
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
  "gives a step the status unknown when the provider says %j",
  (word) => {
    expect(stepOf({ providerStatus: word })?.status).toBe("unknown")
  },
)

it("gives an unfinished step no end and no duration", () => {
  expect(stepOf({ providerStatus: "going", durationMs: 7 })).toMatchObject({
    status: "running",
    finishedAt: null,
    durationMs: null,
  })
})

it("keeps the provider's own duration, inputs, outputs and error of a step", () => {
  const given = { durationMs: 1.5, inputs: { a: 1 }, outputs: null, error: { message: "no" } }
  expect(stepOf(given)).toMatchObject({ ...given, error: { message: "no", type: null } })
})

it("returns inputs and outputs of a step only when the query includes them", () => {
  const given = { inputs: { a: 1 }, outputs: [2] }
  expect(stepOf(given, ["steps"])).not.toHaveProperty("inputs")
  expect(stepOf(given, ["steps", "inputs"])).toMatchObject({ inputs: { a: 1 } })
  expect(stepOf(given, ["steps", "inputs"])).not.toHaveProperty("outputs")
  expect(stepOf(given, ["inputs", "outputs"])).toBeUndefined()
})

it("drops attributes of a step that are null", () => {
  expect(stepOf({ attributes: { a: null, b: 0, c: undefined, d: "" } })?.attributes).toEqual({
    b: 0,
    d: "",
  })
})

it("throws when a time of a step is not valid", () => {
  expect(() => stepOf({ startedAt: new Date(Number.NaN) })).toThrow("startedAt is not a valid time")
})
