import { globSync } from "node:fs"
import { availableParallelism } from "node:os"
import { dirname, join } from "node:path"
import { configDefaults, defineConfig } from "vitest/config"

// Of the made-up histories of walks some are tried here, and all of them in the proofs.
process.env["WALK_RUNS"] ??= "30"

// One more than there are processors: a test that has started a program waits for it. By the
// environment, since a project with a file of its own asks nothing else.
process.env["VITEST_MAX_WORKERS"] ??= String(availableParallelism() + 1)

// What is started hundreds of times is compiled once.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/compiled")

// Found by package.json, since the folder packages/adapters is no package itself.
const foldersOf = (pattern: string) =>
  globSync(`${pattern}/package.json`, { cwd: import.meta.dirname }).map(dirname)

// What tests only functions: its files share what they import, which takes longer to load than many of
// them to run. The live suite of an adapter asks a real server, and has a script of its own.
const sharing = ["packages/core", "packages/simulator", ...foldersOf("packages/adapters/*")]
const shared = sharing.map((root) => ({
  test: {
    name: root,
    root,
    isolate: false,
    exclude: [...configDefaults.exclude, "test/Live.test.ts"],
  },
}))
const packages = foldersOf("packages/*").filter((root) => !sharing.includes(root))

export default defineConfig({
  test: {
    projects: [
      ...packages,
      ...shared,
      {
        test: {
          name: "scripts",
          include: ["scripts/**/*.test.mjs"],
          setupFiles: "scripts/clock/test-clock.mjs",
        },
      },
    ],
    reporters: ["default", "./scripts/lib/key-watch.mjs", "./scripts/lib/closing-line.mjs"],
  },
})
