// A copy of the repository as it stands, with what is not committed yet, to be versioned and built.

import { existsSync } from "node:fs"
import { cp, mkdir, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { succeed } from "./commands.mjs"

export const root = join(import.meta.dirname, "../..")

/**
 * With its history, since a changelog names the commits.
 * @param {string} folder
 */
export const copyRepository = async (folder) => {
  await succeed("git", ["clone", "--quiet", root, folder], { cwd: dirname(folder) })
  const changed = await paths("--modified", "--others", "--exclude-standard")
  const deleted = new Set(await paths("--deleted"))
  for (const path of deleted) await rm(join(folder, path), { force: true })
  for (const path of changed) {
    if (deleted.has(path) || !existsSync(join(root, path))) continue
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await cp(join(root, path), join(folder, path), { recursive: true })
  }
}

/**
 * A copy of a commit.
 * @param {string} commit
 * @param {string} folder
 */
export const copyCommit = async (commit, folder) => {
  await succeed("git", ["clone", "--quiet", "--no-checkout", root, folder], {
    cwd: dirname(folder),
  })
  await succeed("git", ["checkout", "--quiet", "--detach", commit], { cwd: folder })
}

/**
 * The published packages of a copy: their names, folders and manifests as they are now.
 * @param {string} copy
 * @returns {Promise<{ name: string, version: string, path: string }[]>}
 */
export const publishedPackages = async (copy) => {
  const listed = await succeed("pnpm", ["list", "--recursive", "--depth=-1", "--json"], {
    cwd: copy,
  })
  return JSON.parse(listed).filter((entry) => !entry.private)
}

const paths = async (...which) => {
  const listed = await succeed("git", ["ls-files", "-z", ...which], { cwd: root })
  return listed.split("\0").filter((path) => path !== "")
}
