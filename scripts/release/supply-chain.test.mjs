// Dependencies: only those of the lockfile, with checksums, and without install scripts that are not allowed.

import { readFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { writeSboms } from "./sbom.mjs"

const root = join(import.meta.dirname, "../..")
const read = (path) => readFileSync(join(root, path), "utf8")

const folder = await mkdtemp(join(tmpdir(), "execlog-sbom-"))
afterAll(() => rm(folder, { recursive: true, force: true }))

// The site has a workspace of its own.
const workspaces = ["", "site/"]

it.each(workspaces)("pins each package of %spnpm-lock.yaml by its checksum", (at) => {
  const resolutions = read(`${at}pnpm-lock.yaml`).match(/^ +resolution: .*$/gm) ?? []
  expect(resolutions.length).toBeGreaterThan(100)
  expect(resolutions.filter((line) => !/\{integrity: sha512-[\w+/]+=*\}$/.test(line))).toEqual([])
})

it.each(workspaces)("forbids unlisted install scripts in %spnpm-workspace.yaml", (at) => {
  const settings = read(`${at}pnpm-workspace.yaml`)
  expect(settings).toMatch(/^strictDepBuilds: true$/m)
  expect(settings).toMatch(/^blockExoticSubdeps: true$/m)
  expect(settings).not.toMatch(/dangerouslyAllowAllBuilds/)
})

it("lists the command line's dependencies in its bill of materials, with licences and checksums", async () => {
  const files = await writeSboms(folder)
  const file = files.find((name) => /^execlog-\d/.test(name)) ?? "no bill of execlog"
  const bill = JSON.parse(readFileSync(join(folder, file), "utf8"))
  expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" })
  const { dependencies } = JSON.parse(read("packages/cli/package.json"))
  const named = bill.components.map(({ group, name }) => (group ? `${group}/${name}` : name))
  expect(named).toEqual(expect.arrayContaining(Object.keys(dependencies)))
  for (const { name, group, licenses, externalReferences } of bill.components) {
    expect(licenses, name).toHaveLength(1)
    if (group !== "@execlog") {
      expect(externalReferences, name).toContainEqual(
        expect.objectContaining({ hashes: [expect.objectContaining({ alg: "SHA-512" })] }),
      )
    }
  }
})

it("writes a bill of materials for each published package, and none for private ones", async () => {
  const files = (await writeSboms(folder)).map((name) => name.replace(/-\d.*$/, ""))
  expect(files).toEqual(expect.arrayContaining(["execlog-core", "execlog-n8n", "execlog"]))
  expect(files).not.toContain("execlog-bench")
  expect(files).not.toContain("execlog-monorepo")
})
