// Every package that is published, as a user gets it. Build first: dist is what is packed.

import { globSync, readFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, sep } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { packAndUnpack, publishedPackages } from "../lib/published-packages.mjs"
import { packageFaults } from "./package-rules.mjs"

const folder = await mkdtemp(join(tmpdir(), "execlog-packages-"))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The files of a package's tarball. */
const shippedOf = async (published) => {
  const place = await packAndUnpack(published, folder)
  const files = globSync("**/*", { cwd: place, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(place.length + 1)
        .replaceAll(sep, "/"),
    )
  const read = (path) => readFileSync(join(place, path), "utf8")
  return { ...published, files, read, manifest: JSON.parse(read("package.json")) }
}

const packages = await Promise.all((await publishedPackages()).map(shippedOf))
const named = (name) => packages.find((shipped) => shipped.name === name)

it("finds the published packages", () => {
  expect(packages.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["@execlog/core", "@execlog/dify", "execlog", "create-execlog-adapter"]),
  )
})

it.each(packages)("packs $name without a fault", (shipped) => {
  expect(packageFaults(shipped)).toEqual([])
})

describe("the package rules", () => {
  const dify = named("@execlog/dify")
  const without = (path) => ({ ...dify, files: dify.files.filter((file) => file !== path) })
  const beside = (path) => ({ ...dify, files: [...dify.files, path] })
  const declaring = (fields) => ({ ...dify, manifest: { ...dify.manifest, ...fields } })
  const reading = (path, text) => ({
    ...dify,
    read: (asked) => (asked === path ? text : dify.read(asked)),
  })

  it.each([
    ["without its licence", without("LICENSE"), "LICENSE is missing."],
    ["without a README", without("README.md"), "README.md is missing"],
    [
      "with the README of another package",
      reading("README.md", "# @execlog/alloy\n"),
      "README.md is missing",
    ],
    ["without maps", without("dist/index.d.ts.map"), "dist/index.d.ts.map is missing."],
    ["without types", without("dist/wire.d.ts"), "dist/wire.d.ts is missing."],
    ["whose maps lead nowhere", without("src/wire.ts"), "leads to src/wire.ts, which is not in"],
    ["with a test", beside("src/wire.test.ts"), "src/wire.test.ts is of the tests or of tools."],
    ["with a fixture", beside("dist/fixtures/a.json"), "is of the tests or of tools."],
    ["with a file that is not built", beside("tsconfig.json"), "tsconfig.json does not belong"],
    ["that is not tree-shaken", declaring({ sideEffects: true }), "sideEffects must be false."],
    ["that hides its package.json", declaring({ exports: {} }), 'must hold "./package.json".'],
    [
      "with CommonJS",
      declaring({ exports: { ...dify.manifest.exports, ".": { require: "./dist/index.cjs" } } }),
      "exports of . must say types, then default",
    ],
    [
      "with the repository folder of another",
      { ...dify, directory: "packages/adapters/other" },
      "repository must be",
    ],
    [
      "without the keyword execlog-adapter",
      declaring({ keywords: ["execlog"] }),
      "must hold execlog-adapter.",
    ],
    ["that runs a script", declaring({ scripts: { postinstall: "node x" } }), "No script may run"],
    [
      "with core as a dependency",
      declaring({ dependencies: { "@execlog/core": "^1.0.0" } }),
      "An adapter has",
    ],
    [
      "that pins one version of core",
      declaring({ peerDependencies: { "@execlog/core": "1.0.0", effect: "^4.1.0" } }),
      "must be a caret range",
    ],
    [
      "that depends on the catalog of the repository",
      declaring({ optionalDependencies: { commander: "catalog:" } }),
      "means nothing outside of the repository.",
    ],
  ])("rejects a package %s", (_, shipped, fault) => {
    expect(packageFaults(shipped).join("\n")).toContain(fault)
  })
})
