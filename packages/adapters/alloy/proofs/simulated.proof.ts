import { liveSuite } from "@execlog/contract-tests"
import { startSimulator } from "@execlog/simulator"
import { afterAll } from "vitest"
import { alloy } from "../src/index.js"

// Runs the live suite of test/Live.test.ts against the simulator.
const simulator = await startSimulator({ dify: { executions: 0 }, alloy: { executions: 24 } })
afterAll(() => simulator.stop())
const { apiKey, baseUrl } = simulator.alloy

await liveSuite({
  adapter: alloy,
  module: new URL("../dist/index.js", import.meta.url),
  environment: { ALLOY_API_KEY: apiKey, ALLOY_BASE_URL: baseUrl },
})
