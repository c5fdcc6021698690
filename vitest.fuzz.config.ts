import { defineConfig } from "vitest/config"

// Hostile answers by the ten thousand, for as long as that takes: `pnpm fuzz`, beside the proofs.
export default defineConfig({
  test: {
    include: ["packages/*/proofs/**/*.fuzz.ts"],
    testTimeout: 7_200_000,
  },
})
