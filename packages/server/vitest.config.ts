import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    setupFiles: ["../../scripts/clock/test-clock.mjs", "./test/StandingClock.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
