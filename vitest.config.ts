import { globSync } from "node:fs"
import { dirname } from "node:path"
import { defineConfig } from "vitest/config"

// Found by package.json, since the folder packages/adapters is no package itself.
const packages = globSync(["packages/*/package.json", "packages/adapters/*/package.json"], {
  cwd: import.meta.dirname,
}).map((manifest) => dirname(manifest))

export default defineConfig({
  test: {
    projects: [...packages, { test: { name: "scripts", include: ["scripts/**/*.test.mjs"] } }],
    reporters: ["default", "./scripts/key-watch.mjs", "./scripts/closing-line.mjs"],
  },
})
