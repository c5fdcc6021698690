// The permissions of the workflows, and the third-party actions that they run. `pnpm actionlint` checks the rest.

import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")
const workflows = globSync(".github/workflows/*.yml", { cwd: root }).map((path) => ({
  path,
  lines: readFileSync(join(root, path), "utf8").split("\n"),
}))

it("finds the workflows", () => {
  expect(workflows.map(({ path }) => path)).toContain(".github/workflows/release.yml")
})

describe.each(workflows)("$path", ({ lines }) => {
  const text = lines.join("\n")

  it("pins each action of the workflow by commit, with its version in a comment", () => {
    const uses = lines.filter((line) => /^\s*(- )?uses:/.test(line))
    expect(uses).not.toEqual([])
    expect(uses.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  it("grants no write permission to the whole workflow", () => {
    expect(text).toMatch(/^permissions:( \{\}|\n  contents: read)\n/m)
    expect(text).not.toMatch(/write-all|pull_request_target|secrets\./)
  })

  it("persists no credentials in the clone", () => {
    const clones = text.match(/actions\/checkout@/g) ?? []
    expect(text.match(/persist-credentials: false/g)).toHaveLength(clones.length)
  })
})

it("grants the id-token to the publishing job alone, which runs no install script", () => {
  const release = workflows.find(({ path }) => path.endsWith("release.yml"))
  const [before = "", publish = ""] = release?.lines.join("\n").split("\n  publish:\n") ?? []
  expect(before).not.toContain("id-token")
  expect(publish).toContain("id-token: write")
  expect(publish).toContain("--ignore-scripts")
  expect(publish).not.toMatch(/pnpm (build|test|check)|npm test/)
  expect(publish).toContain('PNPM_CONFIG_PROVENANCE: "true"')
})

it("builds the packages in a job that runs only what the lockfile names", () => {
  const release = workflows.find(({ path }) => path.endsWith("release.yml"))
  const [, pack = ""] =
    /\n  pack:\n([\s\S]*?)\n  publish:\n/.exec(release?.lines.join("\n") ?? "") ?? []
  expect(pack).toContain("pnpm install --frozen-lockfile")
  expect(pack.match(/- run: .*/g)?.slice(1)).toEqual([
    "- run: pnpm install --frozen-lockfile",
    "- run: pnpm build",
  ])
})
