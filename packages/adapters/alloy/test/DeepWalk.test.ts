import { createClient } from "@execlog/core"
import { startSimulator } from "@execlog/simulator"
import { expect, it } from "vitest"
import { alloy } from "../src/index.js"

it("skips no more events the deeper the walk is", async () => {
  await using simulator = await startSimulator({
    port: null,
    dify: { executions: 0 },
    alloy: { executions: 31_000 },
  })
  const { apiKey, baseUrl } = simulator.alloy
  const client = createClient(alloy({ apiKey, baseUrl }), { fetch: simulator.fetch })
  let pages = 0
  for await (const _ of client.pages()) {
    pages += 1
    if (pages === 300) break
  }
  expect(pages).toBe(300)
  const skipped = simulator.requests.map(({ path }) =>
    new URL(path, simulator.url).searchParams.get("skip"),
  )
  expect([...new Set(skipped)]).toEqual(["0"])
})
