// The contents of a node_modules after an install, without following links.

import { lstat, readdir, readFile } from "node:fs/promises"
import { basename, join } from "node:path"

/**
 * @typedef {object} InstalledPackage
 * @property {string} name
 * @property {string} version
 * @property {string} path
 */

/**
 * Every package below a folder, however deep, and the bytes of all files.
 * @param {string} folder
 * @returns {Promise<{ packages: InstalledPackage[], bytes: number }>}
 */
export const readTree = async (folder) => {
  /** @type {InstalledPackage[]} */
  const packages = []
  let bytes = 0
  const walk = async (at, holdsPackages) => {
    for (const entry of await readdir(at, { withFileTypes: true })) {
      const path = join(at, entry.name)
      if (entry.isFile()) bytes += (await lstat(path)).size
      if (!entry.isDirectory()) continue
      const isPackage = holdsPackages && !entry.name.startsWith(".") && !entry.name.startsWith("@")
      if (isPackage) packages.push(await manifestOf(path))
      await walk(path, entry.name === "node_modules" || (holdsPackages && entry.name[0] === "@"))
    }
  }
  await walk(folder, basename(folder) === "node_modules")
  return { packages, bytes }
}

const manifestOf = async (path) => {
  const { name, version } = JSON.parse(await readFile(join(path, "package.json"), "utf8"))
  return { name, version, path }
}
