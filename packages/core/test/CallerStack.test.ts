import { describe, expect, it } from "vitest"
import { makeExecutions, makeLog } from "../src/effect.js"
import { AdapterError, type Client, createClient, createLog } from "../src/index.js"
import { failure } from "./Failure.js"
import { pagesByOffset } from "./SampleProvider.js"

const rejecting = (): Client =>
  createClient(pagesByOffset({ apiKey: "canary-sample-1" }), {
    fetch: async () =>
      Response.json(
        { message: "no" },
        { status: 401, headers: { "x-request-id": "req-7 canary-sample-1" } },
      ),
  })

const drain = async (iterable: AsyncIterable<unknown>): Promise<void> => {
  for await (const one of iterable) expect(one).toBeDefined()
}

describe("the error of a call", () => {
  it.each<[string, (client: Client) => Promise<unknown>]>([
    ["page", (client) => client.page()],
    ["pages", (client) => drain(client.pages())],
    ["executions", (client) => drain(client.executions())],
    ["entries", (client) => drain(client.entries())],
    ["follow", (client) => drain(client.follow())],
  ])("starts its stack where %s was called", async (_, call) => {
    const error = await failure(call(rejecting()))
    const [first, second] = error.stack?.split("\n") ?? []
    expect(first).toBe(`AdapterError: ${error.message}`)
    expect(second).toContain("CallerStack.test.ts")
  })

  it.each<[string, () => unknown]>([
    ["an adapter", () => pagesByOffset({ apiKey: "" })],
    [
      "createClient",
      () => createClient(pagesByOffset({ apiKey: "canary-sample-1" }), { name: "" }),
    ],
    ["createLog", () => createLog([])],
    ["makeLog", () => makeLog([])],
    [
      "makeExecutions",
      () => makeExecutions(pagesByOffset({ apiKey: "canary-sample-1" }), { name: "" }),
    ],
    ["explain", () => rejecting().explain({ pageSize: 0 })],
    ["prepare", () => rejecting().prepare({ pageSize: 0 })],
  ])("starts its stack where %s was called", (_, call) => {
    const thrown = (): unknown => {
      try {
        return call()
      } catch (error) {
        return error
      }
    }
    const error = thrown()
    expect(error).toBeInstanceOf(AdapterError)
    const [, second] = error instanceof Error ? (error.stack?.split("\n") ?? []) : []
    expect(second).toContain("CallerStack.test.ts")
  })

  it("carries the number of attempts and the server's request id, without the key", async () => {
    const error = await failure(rejecting().page())
    expect(error).toMatchObject({ attempts: 1, requestId: "req-7 <redacted>" })
  })

  it("carries no attempts and no request id when nothing was sent", async () => {
    const error = await failure(rejecting().page({ pageSize: 0 }))
    expect(error).toMatchObject({ attempts: 0, requestId: null })
    expect(new AdapterError({ reason: "Decode", message: "It is odd." }).attempts).toBe(0)
  })
})
