import { liveSuite } from "@execlog/contract-tests"
import { startSimulator } from "@execlog/simulator"
import { afterAll } from "vitest"
import { alloy } from "../src/index.js"

// What test/Live.test.ts asks of a real server, asked of one that is always there.
const simulator = await startSimulator({ dify: { executions: 0 }, alloy: { executions: 24 } })
afterAll(() => simulator.stop())
const { apiKey, baseUrl } = simulator.alloy

await liveSuite({
  adapter: alloy,
  module: new URL("../dist/index.js", import.meta.url),
  environment: { ALLOY_API_KEY: apiKey, ALLOY_BASE_URL: baseUrl },
})
