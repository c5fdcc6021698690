import { defineConfig } from "vitest/config"

// What takes minutes, and starts and kills processes: `npm run proofs`, not `npm test`.
export default defineConfig({
  test: {
    include: ["packages/*/proofs/**/*.proof.ts"],
    fileParallelism: false,
    globalSetup: ["packages/store/test/PostgresServer.ts"],
    reporters: ["default", "./scripts/key-watch.mjs", "./scripts/closing-line.mjs"],
  },
})
