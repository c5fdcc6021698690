// The release itself, by the commands of the release workflow, from a copy of the repository.

import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expectThat } from "./checks.mjs"
import { succeed } from "./commands.mjs"
import { publishedPackages } from "./repository-copy.mjs"

const quietly = ["--prefer-offline", "--frozen-lockfile"]

/**
 * Turns the changesets that wait into versions. changesets takes it for an error where none do, as
 * between a release and the next change.
 * @param {string} copy
 * @param {Record<string, string | undefined>} env
 */
export const applyChangesets = async (copy, env) => {
  const files = await readdir(join(copy, ".changeset"))
  if (!files.some((file) => file.endsWith(".md") && file !== "README.md")) return
  await succeed("pnpm", ["changeset", "version"], { cwd: copy, env })
}

/**
 * Gives the packages to release their versions.
 * @param {string} copy
 * @param {Record<string, string | undefined>} env
 */
export const versionPackages = async (copy, env) => {
  await succeed("pnpm", ["install", ...quietly], { cwd: copy, env })
  await applyChangesets(copy, env)
  const packages = await publishedPackages(copy)
  const unversioned = packages.filter(({ version }) => version === "0.0.0")
  expectThat(
    unversioned.length === 0,
    `No changeset releases ${unversioned.map(({ name }) => name).join(", ")}: pnpm changeset writes one.`,
  )
  return packages
}

/**
 * Everything that is new, packed and published. Gives what the registry holds then.
 * @param {string} copy
 * @param {import("./registry.mjs").Registry} registry
 * @param {Record<string, string | undefined>} env
 */
export const publishPackages = async (copy, { url, token }, env) => {
  const credentials = `registry=${url}\n${url.replace("http:", "")}:_authToken=${token}\n`
  await writeFile(join(copy, ".npmrc"), credentials)
  const to = { cwd: copy, env: { ...env, npm_config_registry: url, pnpm_config_registry: url } }
  await succeed("pnpm", ["changeset", "pack", "--out-dir", "packed"], to)
  await succeed("pnpm", ["changeset", "publish", "--from-pack-dir", "packed"], to)
}

/**
 * The manifest of a package in the registry, as those who install it get it.
 * @param {string} url
 * @param {{ name: string, version: string }} wanted
 */
export const publishedManifest = async (url, { name, version }) => {
  const response = await fetch(`${url}${name.replace("/", "%2f")}`)
  const manifest = (await response.json()).versions?.[version]
  expectThat(manifest !== undefined, `The registry has no ${name}@${version}.`)
  return manifest
}

/** The dependencies of a manifest that only this workspace understands. */
export const workspaceRanges = (manifest) =>
  ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"]
    .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
    .filter(([, range]) => /^(workspace|catalog|link|file):/.test(String(range)))
    .map(([name, range]) => `${manifest.name} asks for ${name}@${range}`)

/**
 * The packages that a release would still publish.
 * @param {string} copy
 * @param {import("./registry.mjs").Registry} registry
 * @param {Record<string, string | undefined>} env
 */
export const toPublish = async (copy, { url }, env) => {
  const to = { cwd: copy, env: { ...env, npm_config_registry: url, pnpm_config_registry: url } }
  await succeed("pnpm", ["changeset", "publish-plan", "--output", "plan.json"], to)
  const { plan } = JSON.parse(await readFile(join(copy, "plan.json"), "utf8"))
  return plan
    .flat()
    .filter(({ kind }) => kind === "publish")
    .map(({ name }) => name)
}
