import { describe, expectTypeOf, it } from "vitest"
import type { ExecutionDraft } from "../src/adapter.js"
import type { Actor, Execution, ExecutionFromJson, Step } from "../src/index.js"

type Decoded = typeof ExecutionFromJson.Type

/** The fields that core adds to the draft of an adapter. */
type OfCore = "provider" | "connection" | "timestamp" | "listedAt" | "raw"

// The compiler checks these: it fails where one of two types has a field that the other lacks.
describe("the types of an execution", () => {
  it("are equal in the codec and in the interfaces", () => {
    expectTypeOf<Decoded>().toEqualTypeOf<Execution>()
    expectTypeOf<NonNullable<Decoded["steps"]>[number]>().toEqualTypeOf<Step>()
    expectTypeOf<NonNullable<Decoded["actor"]>>().toEqualTypeOf<Actor>()
  })

  it("have the same fields in a draft, besides those that core adds", () => {
    expectTypeOf<Exclude<keyof ExecutionDraft, "createdAt">>().toEqualTypeOf<
      Exclude<keyof Execution, OfCore>
    >()
    expectTypeOf<keyof NonNullable<ExecutionDraft["error"]>>().toEqualTypeOf<
      keyof NonNullable<Execution["error"]>
    >()
    expectTypeOf<keyof NonNullable<ExecutionDraft["steps"]>[number]>().toEqualTypeOf<keyof Step>()
  })
})
