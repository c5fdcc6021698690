// The packages of the workspace that are published, and what a user gets of each.

import { execFile } from "node:child_process"
import { mkdir } from "node:fs/promises"
import { join, relative, sep } from "node:path"
import { promisify } from "node:util"

const exec = promisify(execFile)
const root = join(import.meta.dirname, "../..")

/**
 * @typedef {object} PublishedPackage
 * @property {string} name
 * @property {string} path its folder
 * @property {string} directory its folder from the root of the repository, with slashes
 */

/** @returns {Promise<PublishedPackage[]>} */
export const publishedPackages = async () => {
  const { stdout } = await exec("pnpm", ["list", "--recursive", "--depth=-1", "--json"], {
    cwd: root,
  })
  return JSON.parse(stdout)
    .filter((entry) => !entry.private)
    .map(({ name, path }) => ({ name, path, directory: relative(root, path).replaceAll(sep, "/") }))
}

/** Packs a package as the release will, and gives the path of the tarball. */
export const pack = async ({ name, path }, folder) => {
  const tarball = join(folder, `${name.replace("/", "-")}.tgz`)
  await exec("pnpm", ["pack", "--out", tarball], { cwd: path })
  return tarball
}

/** Packs a package and gives the folder of what a user will have of it. */
export const packAndUnpack = async (published, folder) => {
  const tarball = await pack(published, folder)
  const place = join(folder, published.name.replace("/", "-"))
  await mkdir(place)
  await exec("tar", ["-xzf", tarball, "-C", place])
  return join(place, "package")
}
