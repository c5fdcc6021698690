// pnpm actionlint: checks the workflows with actionlint, which Go builds from its module, by its checksum.

import { spawnSync } from "node:child_process"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

if (spawnSync("go", ["version"]).error !== undefined) {
  console.log("actionlint: not run, since Go is not installed (https://go.dev); CI has it.")
} else {
  // shellcheck is not installed everywhere, and the result must not depend on it.
  const options = ["-shellcheck=", "-pyflakes="]
  const { status } = spawnSync("go", ["run", actionlint, ...options], {
    cwd: root,
    stdio: "inherit",
  })
  if (status === 0) console.log("actionlint: the workflows are right")
  process.exitCode = status ?? 1
}
