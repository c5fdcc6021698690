import { liveSuite } from "@execlog/contract-tests"
import { startSimulator } from "@execlog/simulator"
import { afterAll } from "vitest"
import { n8n } from "../src/index.js"

// Runs the live suite of test/Live.test.ts against the simulator.
const simulator = await startSimulator({
  dify: { executions: 0 },
  alloy: { executions: 0 },
  // A server of version 2: an older one rejects bounds on the start, which is warned of.
  n8n: { executions: 40, startTimes: true },
  prefect: { executions: 0 },
})
afterAll(() => simulator.stop())
const { apiKey, baseUrl } = simulator.n8n

await liveSuite({
  adapter: n8n,
  module: new URL("../dist/index.js", import.meta.url),
  environment: { N8N_API_KEY: apiKey, N8N_BASE_URL: baseUrl },
})
