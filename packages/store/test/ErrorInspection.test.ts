import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { openStore, StoreError } from "../src/index.js"

const failedOpening = async (): Promise<StoreError> => {
  const error: unknown = await openStore("postgres://reader:canary-1@127.0.0.1:1/x", {
    access: "read",
  }).catch((thrown: unknown) => thrown)
  if (StoreError.is(error)) return error
  throw new Error("It did not fail.")
}

describe("the inspection of a StoreError", () => {
  it("shows the name, the message and the caller's line, then the fields", async () => {
    const error = await failedOpening()
    const text = inspect(error)
    const [first, second] = text.split("\n")
    expect(first).toBe(`StoreError: ${error.message}`)
    expect(second).toContain("ErrorInspection.test.ts")
    expect(text).toContain(`reason: '${error.reason}'`)
    expect(text).toContain(`code: '${error.hint.code}'`)
    expect(text).not.toContain("canary")
  })

  it("shows the error and its line when it is the cause of another error", async () => {
    const error = await failedOpening()
    const text = inspect(new Error("The report failed.", { cause: error }))
    expect(text).toContain(`[cause]: StoreError: ${error.message}`)
    expect(text.split("[cause]")[1]).toContain("ErrorInspection.test.ts")
  })

  it("keeps all fields in JSON", async () => {
    const error = await failedOpening()
    const json = JSON.stringify(error)
    const { reason, message, hint } = error
    expect(JSON.parse(json)).toMatchObject({ _tag: "StoreError", reason, message, hint })
    expect(json).not.toContain("canary")
  })
})
