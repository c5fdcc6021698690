import { createClient } from "@execlog/core"
import { startSimulator } from "@execlog/simulator"
import { expect, it } from "vitest"
import { n8n } from "../src/index.js"

it("requests each page by the id of the last execution, however deep the walk is", async () => {
  await using simulator = await startSimulator({
    port: null,
    dify: { executions: 0 },
    alloy: { executions: 0 },
    n8n: { executions: 110_000 },
  })
  const { apiKey, baseUrl } = simulator.n8n
  const client = createClient(n8n({ apiKey, baseUrl }), { fetch: simulator.fetch })
  const lastIds: Array<string | undefined> = []
  for await (const { executions } of client.pages({ pageSize: 100 })) {
    lastIds.push(executions.at(-1)?.id)
    if (lastIds.length === 1000) break
  }
  const cursors = simulator.requests.map(({ path }) =>
    new URL(path, simulator.url).searchParams.get("cursor"),
  )
  const [first, ...others] = cursors.slice(0, 1000)
  expect(first).toBeNull()
  expect(others.map((cursor) => JSON.parse(atob(cursor ?? "")))).toEqual(
    lastIds.slice(0, -1).map((lastId) => ({ lastId, limit: 100 })),
  )
})
