import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    globalSetup: "./test/PostgresServer.ts",
    setupFiles: "./test/StandingClock.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
