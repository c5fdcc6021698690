import { createClient } from "@execlog/core"
import { startSimulator } from "@execlog/simulator"
import { expect, it } from "vitest"
import { prefect } from "../src/index.js"

it("requests no higher offsets the deeper the walk is", async () => {
  await using simulator = await startSimulator({
    port: null,
    dify: { executions: 0 },
    alloy: { executions: 0 },
    prefect: { executions: 10_100 },
  })
  const { baseUrl } = simulator.prefect
  const client = createClient(prefect({ baseUrl }), { fetch: simulator.fetch })
  let pages = 0
  for await (const _ of client.pages({ pageSize: 20 })) {
    pages += 1
    if (pages === 500) break
  }
  expect(pages).toBe(500)
  const lists = simulator.requests.filter(({ path }) => path.endsWith("/flow_runs/filter"))
  const offsets = lists.map(({ body = "" }) => {
    const asked: { readonly offset: number } = JSON.parse(body)
    return asked.offset
  })
  // Within an instant only, which holds a few flow runs.
  expect(Math.max(...offsets)).toBeLessThan(20)
})
