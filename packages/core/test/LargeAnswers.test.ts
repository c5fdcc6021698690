import { describe, expect, it } from "vitest"
import { createClient, type TransportSettings } from "../src/index.js"
import { failure } from "./Failure.js"
import { pagesByOffset, windowsByNumber } from "./SampleProvider.js"

/** A client that is answered with the same text for ever, and how often it asked. */
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

describe("an answer of many times what was asked for", () => {
  it("is too large, and nothing is made of its items", async () => {
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
  ])("%s ends within seconds, and with little memory", async (_, body) => {
    const { client, asked } = answeredWith(body)
    const error = await failure(client.page())
    expect(error.reason).toBe("TooLarge")
    expect(error.message).toMatch(
      /it (holds more than \d+ values|is nested deeper than 100000|has objects of more than 200000 shapes)/,
    )
    // Whether a part of it can be had is tried, and no more.
    expect(asked()).toBeLessThanOrEqual(4)
  })

  it("is read where a server takes no notice of the size, but has no more than it may have", async () => {
    const rows = Array.from({ length: 990 }, (_, index) => ({
      id: `row-${index}`,
      at: 5000 - index,
    }))
    const { client } = answeredWith(JSON.stringify({ rows, more: false }))
    const page = await client.page({ pageSize: 10 })
    expect(page.executions).toHaveLength(990)
  })

  it("is read where its items have names by the thousand", async () => {
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

  it("is read where its texts are long and full of what else is counted", async () => {
    const state = String.raw`[{,\"`.repeat(200_000)
    const body = JSON.stringify({ rows: [{ id: "row", at: 5000, state }], more: false })
    const { client } = answeredWith(body)
    const page = await client.page()
    expect(page.executions[0]?.providerStatus).toBe(state)
  })

  it("may say that it is an error: then its text alone is told", async () => {
    const fetch = async () => new Response("[".repeat(16 * megabytes), { status: 400 })
    const client = createClient(pagesByOffset({ apiKey: "canary-sample-1" }), { fetch })
    const error = await failure(client.page())
    expect(error.reason).toBe("InvalidQuery")
  })
})
