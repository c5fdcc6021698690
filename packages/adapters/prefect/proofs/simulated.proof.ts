import { liveSuite } from "@execlog/contract-tests"
import { startSimulator } from "@execlog/simulator"
import { afterAll } from "vitest"
import { prefect } from "../src/index.js"

// Runs the live suite of test/Live.test.ts against the simulator.
const simulator = await startSimulator({
  dify: { executions: 0 },
  alloy: { executions: 0 },
  n8n: { executions: 0 },
  prefect: { executions: 40, apiKey: "canary-prefect-1" },
})
afterAll(() => simulator.stop())
const { apiKey, baseUrl } = simulator.prefect

await liveSuite({
  adapter: prefect,
  module: new URL("../dist/index.js", import.meta.url),
  environment: { PREFECT_API_KEY: apiKey ?? "", PREFECT_BASE_URL: baseUrl },
})
