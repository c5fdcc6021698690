import { globSync } from "node:fs"
import { dirname } from "node:path"
import { configDefaults, defineConfig } from "vitest/config"

// Found by package.json, since the folder packages/adapters is no package itself.
const packages = globSync("packages/*/package.json", { cwd: import.meta.dirname }).map(dirname)

// The live suite of an adapter asks a real server, and has a script of its own.
const adapters = globSync("packages/adapters/*/package.json", { cwd: import.meta.dirname })
  .map(dirname)
  .map((root) => ({
    test: { name: root, root, exclude: [...configDefaults.exclude, "test/live.test.ts"] },
  }))

export default defineConfig({
  test: {
    projects: [
      ...packages,
      ...adapters,
      {
        test: {
          name: "scripts",
          include: ["scripts/**/*.test.mjs"],
          setupFiles: "scripts/clock/test-clock.mjs",
        },
      },
    ],
    reporters: ["default", "./scripts/key-watch.mjs", "./scripts/closing-line.mjs"],
  },
})
