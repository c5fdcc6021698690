import { afterAll } from "vitest"
import { liveSuite, type MadeExecution } from "../src/index.js"
import { tracking } from "../test/tracking/TrackingAdapter.js"
import { startTracking } from "../test/tracking/TrackingServer.js"

const began = Date.parse("2026-11-21T07:00:00Z")

// Two hundred runs, some of which share an instant.
const history = Array.from({ length: 200 }, (_, index): MadeExecution => ({
  startedAt: began + Math.floor(index / 3) * 60_000,
  durationMs: index % 50 === 49 ? null : 4000 + index,
  outcome: index % 4 === 0 ? "failed" : "succeeded",
  delayMs: 0,
  workflow: index % 3,
  actor: index % 3,
}))

const server = await startTracking(history, { listen: true })
afterAll(() => server[Symbol.asyncDispose]())

await liveSuite({
  adapter: tracking,
  environment: { TRACKING_TOKEN: "canary-tracking-1", TRACKING_BASE_URL: server.baseUrl },
})
