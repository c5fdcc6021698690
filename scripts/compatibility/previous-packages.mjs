// Core and the adapters as a commit had them, packed.

import { join } from "node:path"
import { succeed } from "../release/commands.mjs"
import { applyChangesets } from "../release/releasing.mjs"
import { copyCommit, publishedPackages } from "../release/repository-copy.mjs"

/** @typedef {Map<string, { version: string, spec: string }>} Packages by name; `spec` is what installs one */

const isCompared = ({ name, path }) => name === "@execlog/core" || /[\\/]adapters[\\/]/.test(path)

/**
 * Packs core and the adapters of a copy that is built.
 * @param {string} copy
 * @param {string} folder
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<Packages>}
 */
export const packCompared = async (copy, folder, env) => {
  const compared = (await publishedPackages(copy)).filter(isCompared)
  const packed = compared.map(async ({ name, version, path }) => {
    const spec = join(folder, `previous-${name.replace("/", "-")}.tgz`)
    await succeed("pnpm", ["pack", "--out", spec], { cwd: path, env })
    return /** @type {const} */ ([name, { version, spec }])
  })
  return new Map(await Promise.all(packed))
}

/**
 * Packs those of a commit. Changesets that wait there are applied, so that ranges are a release's.
 * @param {string} commit
 * @param {string} folder
 * @param {Record<string, string | undefined>} env
 */
export const packCommit = async (commit, folder, env) => {
  const copy = join(folder, "previous")
  await copyCommit(commit, copy)
  const at = { cwd: copy, env }
  await succeed("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], at)
  await applyChangesets(copy, env)
  const filters = ["--filter", "@execlog/core", "--filter", "./packages/adapters/*"]
  await succeed("pnpm", [...filters, "run", "build"], at)
  return packCompared(copy, folder, env)
}
