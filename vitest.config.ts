import { globSync } from "node:fs"
import { availableParallelism } from "node:os"
import { dirname, join } from "node:path"
import { configDefaults, defineConfig } from "vitest/config"

// Of the made-up histories of walks some are tried here, and all of them in the proofs.
process.env["WALK_RUNS"] ??= "200"

// One more than there are processors: a test that has started a program waits for it. By the
// environment, since a project with a file of its own asks nothing else.
process.env["VITEST_MAX_WORKERS"] ??= String(availableParallelism() + 1)

// What is started hundreds of times is compiled once.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/compiled")

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
