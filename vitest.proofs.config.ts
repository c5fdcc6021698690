import { defineConfig } from "vitest/config"

// What takes minutes, and starts and kills processes: `npm run proofs`, not `npm test`.
export default defineConfig({
  test: {
    include: [
      "packages/*/proofs/**/*.proof.ts",
      "scripts/**/*.proof.mjs",
      // Of whose made-up histories `npm test` tries some.
      "packages/adapters/*/test/walk.test.ts",
      "packages/core/test/{Walk,ParallelReading}.test.ts",
    ],
    fileParallelism: false,
    testTimeout: 120_000,
    globalSetup: ["packages/store/test/PostgresServer.ts"],
    reporters: ["default", "./scripts/key-watch.mjs", "./scripts/closing-line.mjs"],
  },
})
