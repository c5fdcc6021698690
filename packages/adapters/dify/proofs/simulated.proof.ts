import { liveSuite } from "@execlog/contract-tests"
import { startSimulator } from "@execlog/simulator"
import { afterAll } from "vitest"
import { dify } from "../src/index.js"

// Runs the live suite of test/Live.test.ts against the simulator.
const simulator = await startSimulator({ dify: { executions: 24 }, alloy: { executions: 0 } })
afterAll(() => simulator.stop())
const { apiKey, baseUrl } = simulator.dify

await liveSuite({
  adapter: dify,
  module: new URL("../dist/index.js", import.meta.url),
  environment: {
    DIFY_API_KEY: apiKey,
    DIFY_BASE_URL: baseUrl,
    DIFY_WORKFLOW: '{ "id": "workflow-1" }',
    DIFY_LOG_DELAY: "60s",
  },
})
