// Which packages a change releases, and as what.

import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { publishedPackages } from "../lib/published-packages.mjs"
import { versionsAfter } from "./release-versions.mjs"

const root = join(import.meta.dirname, "../..")
const manifests = (await publishedPackages()).map(({ path }) =>
  JSON.parse(readFileSync(join(path, "package.json"), "utf8")),
)

/** The pending release type of each package: the largest of its changesets. */
const pending = () => {
  const bumps = ["patch", "minor", "major"]
  const changes = {}
  for (const path of globSync(".changeset/*.md", { cwd: root })) {
    const [, head = ""] = readFileSync(join(root, path), "utf8").split("---\n")
    for (const [, name = "", bump = ""] of head.matchAll(/^"(.+)": (\w+)$/gm)) {
      if (bumps.indexOf(bump) > bumps.indexOf(changes[name] ?? "")) changes[name] = bump
    }
  }
  return changes
}

/** As long after the first release. */
const later = (name) => (name === "@execlog/core" ? "1.4.2" : "0.3.1")

it("releases an adapter alone", async () => {
  expect(await versionsAfter({ "@execlog/dify": "minor" }, later)).toEqual({
    "@execlog/dify": "0.4.0",
  })
})

it("releases a minor of core alone", async () => {
  expect(await versionsAfter({ "@execlog/core": "minor" }, later)).toEqual({
    "@execlog/core": "1.5.0",
  })
})

it("releases every package that depends on core with a major of core", async () => {
  const released = await versionsAfter({ "@execlog/core": "major" }, later)
  const peers = manifests.filter(({ peerDependencies = {} }) => "@execlog/core" in peerDependencies)
  expect(Object.keys(released)).toEqual(
    expect.arrayContaining(["@execlog/core", ...peers.map(({ name }) => name)]),
  )
})

it("gives no package a major that no pending changeset asks for", async () => {
  const changes = pending()
  const before = Object.fromEntries(manifests.map(({ name, version }) => [name, version]))
  const after = await versionsAfter(changes, (name) => before[name])
  const major = (version) => version.split(".")[0]
  const accidental = Object.keys(after)
    .filter((name) => major(after[name]) !== major(before[name]))
    .filter((name) => changes[name] !== "major")
  expect(accidental).toEqual([])
  const core = manifests.find(({ name }) => name === "@execlog/core")
  if (core.version === "0.0.0") expect(after["@execlog/core"]).toBe("1.0.0")
})

it("requires changesets of the peers for a pending major of core", () => {
  expect(peersThatHideIt(pending(), manifests)).toEqual([])
})

it("finds a peer of core that would break its users in a patch", () => {
  const peerDependencies = { "@execlog/core": "workspace:^" }
  const packages = [
    { name: "@execlog/core", version: "1.4.2" },
    { name: "young", version: "0.3.1", peerDependencies },
    { name: "grown", version: "2.0.0", peerDependencies },
    { name: "other", version: "2.0.0" },
  ]
  const core = /** @type {const} */ ({ "@execlog/core": "major" })
  expect(peersThatHideIt(core, packages)).toEqual(["young", "grown"])
  expect(peersThatHideIt({ ...core, young: "minor", grown: "minor" }, packages)).toEqual(["grown"])
  expect(peersThatHideIt({ ...core, young: "minor", grown: "major" }, packages)).toEqual([])
  expect(peersThatHideIt({ "@execlog/core": "minor" }, packages)).toEqual([])
})

/**
 * Whoever has core 1 and a caret range of an adapter must not get one that needs core 2. changesets
 * would release it as a patch. Before core's first release, nobody has it.
 */
const peersThatHideIt = (changes, packages) => {
  const core = packages.find(({ name }) => name === "@execlog/core")
  if (changes["@execlog/core"] !== "major" || core.version.startsWith("0.")) return []
  return packages
    .filter(({ peerDependencies = {} }) => "@execlog/core" in peerDependencies)
    .filter(({ name, version }) => {
      const breaking = version.startsWith("0.") ? ["minor", "major"] : ["major"]
      return !breaking.includes(changes[name])
    })
    .map(({ name }) => name)
}
