import { defineConfig } from "vitest/config"

const ofCommandLine = "packages/cli/proofs/**/*.proof.ts"

// What takes minutes, and starts and kills processes: `npm run proofs`, not `npm test`.
export default defineConfig({
  test: {
    fileParallelism: false,
    projects: [
      {
        test: {
          name: "proofs of the command line",
          include: [ofCommandLine],
          setupFiles: "scripts/clock/test-clock.mjs",
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: "proofs",
          include: [
            "packages/{*,adapters/*}/proofs/**/*.proof.ts",
            "scripts/**/*.proof.mjs",
            // Of whose made-up histories `npm test` tries some.
            "packages/adapters/*/test/Walk.test.ts",
            "packages/core/test/{Walk,ReadParallel}.test.ts",
          ],
          exclude: ["**/node_modules/**", ofCommandLine],
          testTimeout: 300_000,
          globalSetup: ["packages/store/test/PostgresServer.ts"],
        },
      },
    ],
    reporters: ["default", "./scripts/lib/key-watch.mjs", "./scripts/lib/closing-line.mjs"],
  },
})
