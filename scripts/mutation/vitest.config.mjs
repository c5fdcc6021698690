import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const adapter = process.env["EXECLOG_MUTATED"]

// Walks, faults and long logs are tried a thousand times over: with each mutant that takes days.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: [`packages/adapters/${adapter}/test/*.test.ts`],
    exclude: ["**/{Walk,Faults,DeepWalk,Live}.test.ts"],
    setupFiles: [fileURLToPath(new URL("./without-processes.mjs", import.meta.url))],
    update: "none",
    testTimeout: 60_000,
  },
})
