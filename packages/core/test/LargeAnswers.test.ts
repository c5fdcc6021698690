import { describe, expect, it } from "vitest"
import { createClient, type TransportSettings } from "../src/index.js"
import { failure } from "./Failure.js"
import { pagesByOffset, windowsByNumber } from "./SampleProvider.js"

/** A client that always receives the same response, and the number of its requests. */
const answeredWith = (body: string, transport: TransportSettings = {}) => {
  let asked = 0
  const client = createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
    transport,
    fetch: async () => {
      asked += 1
      return new Response(body)
    },
  })
  return { client, asked: () => asked }
}

const megabytes = 1024 * 1024

describe("a response many times larger than requested", () => {
  it("fails with TooLarge, and maps no item, when a page holds far more items than requested", async () => {
    const { client } = answeredWith(`{"rows":[0${",0".repeat(200_000)}],"more":false}`)
    const error = await failure(client.page())
    expect(error.reason).toBe("TooLarge")
    expect(error.message).toContain("answered GET /rows with 200001 items")
  })

  it.each([
    ["of 15 million numbers", `{"rows":[0${",0".repeat(15 * megabytes)}]}`],
    ["of lists in lists", `{"rows":${"[".repeat(15 * megabytes)}${"]".repeat(15 * megabytes)}}`],
    ["of empty objects", `{"rows":[{}${",{}".repeat(8 * megabytes)}]}`],
    [
      "of objects of as many shapes",
      `{"rows":[${Array.from({ length: 300_000 }, (_, index) => `{"k${index}":0}`).join()}]}`,
    ],
    [
      "of objects of a few names in every order",
      `{"rows":[${Array.from({ length: 2 ** 18 }, (_, index) => `{"${index.toString(2).padStart(18, "0").split("").join('":0,"')}":0}`).join()}]}`,
    ],
    ["of broken JSON", `{"rows":[${"{".repeat(8 * megabytes)}`],
  ])("fails with TooLarge within seconds on a response %s", async (_, body) => {
    const { client, asked } = answeredWith(body)
    const error = await failure(client.page())
    expect(error.reason).toBe("TooLarge")
    expect(error.message).toMatch(
      /it (contains more than \d+ values|is nested deeper than 100000|has objects of more than 200000 shapes)/,
    )
    // It only tries whether a part of the page can be read.
    expect(asked()).toBeLessThanOrEqual(4)
  })

  it("reads a page larger than requested when it is within the limit", async () => {
    const rows = Array.from({ length: 990 }, (_, index) => ({
      id: `row-${index}`,
      at: 5000 - index,
    }))
    const { client } = answeredWith(JSON.stringify({ rows, more: false }))
    const page = await client.page({ pageSize: 10 })
    expect(page.executions).toHaveLength(990)
  })

  it("reads items with thousands of field names", async () => {
    const named = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [`name-${index}`, "x".repeat(10)]),
    )
    const rows = Array.from({ length: 50 }, (_, index) => ({
      id: `row-${index}`,
      at: 5000 - index,
      ...named,
    }))
    const { client } = answeredWith(JSON.stringify({ rows, more: false }))
    expect((await client.page()).executions).toHaveLength(50)
  })

  it("reads long texts that are full of JSON punctuation", async () => {
    const state = String.raw`[{,\"`.repeat(200_000)
    const body = JSON.stringify({ rows: [{ id: "row", at: 5000, state }], more: false })
    const { client } = answeredWith(body)
    const page = await client.page()
    expect(page.executions[0]?.providerStatus).toBe(state)
  })

  it("reports the status of an error response that is too deep to parse", async () => {
    const fetch = async () => new Response("[".repeat(16 * megabytes), { status: 400 })
    const client = createClient(pagesByOffset({ apiKey: "canary-sample-1" }), { fetch })
    const error = await failure(client.page())
    expect(error.reason).toBe("InvalidQuery")
  })
})
