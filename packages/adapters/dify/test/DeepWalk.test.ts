import { createClient } from "@execlog/core"
import { startSimulator } from "@execlog/simulator"
import { expect, it } from "vitest"
import { dify } from "../src/index.js"

it("requests no higher page numbers the deeper the walk is", async () => {
  await using simulator = await startSimulator({
    port: null,
    dify: { executions: 31_000 },
    alloy: { executions: 0 },
  })
  const { apiKey, baseUrl } = simulator.dify
  const client = createClient(dify({ apiKey, baseUrl }), { fetch: simulator.fetch })
  let pages = 0
  for await (const _ of client.pages()) {
    pages += 1
    if (pages === 300) break
  }
  expect(pages).toBe(300)
  const numbers = simulator.requests.map(({ path }) =>
    new URL(path, simulator.url).searchParams.get("page"),
  )
  expect([...new Set(numbers)]).toEqual(["1"])
})
