import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { AdapterError, createClient } from "../src/index.js"
import { failure } from "./Failure.js"
import { pagesByOffset } from "./SampleProvider.js"

const rejected = (): Promise<AdapterError> => {
  const client = createClient(pagesByOffset({ apiKey: "canary-sample-1" }), {
    name: "shop",
    fetch: async () =>
      Response.json({ message: "no canary-sample-1" }, { status: 401, headers: {} }),
  })
  return failure(client.page())
}

describe("the inspection of an AdapterError", () => {
  it("shows the name, the message and the caller's line first when it is logged", async () => {
    const error = await rejected()
    const [first, second] = inspect(error).split("\n")
    expect(first).toBe(`AdapterError: ${error.message}`)
    expect(second).toContain("ErrorInspection.test.ts")
  })

  it("shows the fields that are not null, without a secret", async () => {
    const text = inspect(await rejected())
    expect(text).toContain("reason: 'Authentication'")
    expect(text).toContain("connection: 'shop'")
    expect(text).toContain("status: 401")
    expect(text).toContain("code: 'check_key'")
    expect(text).not.toContain("null")
    expect(text).not.toContain("canary")
  })

  it("shows the error and its line when it is the cause of another error", async () => {
    const error = await rejected()
    const text = inspect(new Error("The report failed.", { cause: error }))
    expect(text).toContain(`[cause]: AdapterError: ${error.message}`)
    expect(text.split("[cause]")[1]).toContain("ErrorInspection.test.ts")
    expect(text).toContain("reason: 'Authentication'")
  })

  it("shows its own cause", () => {
    const cause = new TypeError("The socket closed.")
    const error = new AdapterError({ reason: "Transport", message: "No answer.", cause })
    expect(inspect(error)).toContain("[cause]: TypeError: The socket closed.")
  })

  it("keeps all fields in JSON", async () => {
    const error = await rejected()
    const { reason, message, provider, connection, status, hint } = error
    const json = JSON.stringify(error)
    expect(JSON.parse(json)).toMatchObject({
      _tag: "AdapterError",
      reason,
      message,
      provider,
      connection,
      status,
      hint,
    })
    expect(json).not.toContain("canary")
  })
})
