import { defineConfig } from "vitest/config"

// The tests run the built program; each starts processes, and a slow machine takes its time.
export default defineConfig({
  test: {
    globalSetup: "../../scripts/lib/build-program.mjs",
    setupFiles: "../../scripts/clock/test-clock.mjs",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
