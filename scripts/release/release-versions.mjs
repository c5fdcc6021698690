// The release of a set of changesets, computed by changesets itself in a folder that contains nothing
// but the package.jsons.

import { execFile } from "node:child_process"
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { publishedPackages } from "../lib/published-packages.mjs"

const exec = promisify(execFile)
const root = join(import.meta.dirname, "../..")
const cli = join(root, "node_modules/@changesets/cli/bin.js")

/** @typedef {"patch" | "minor" | "major"} Bump */

const readManifest = async (folder) =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8"))

/**
 * The new version of each package that is released.
 *
 * @param {Record<string, Bump>} changes what the changesets say
 * @param {(name: string) => string} versionOf the version of each package before
 */
export const versionsAfter = async (changes, versionOf) => {
  const folder = await mkdtemp(join(tmpdir(), "execlog-versions-"))
  try {
    const packages = await publishedPackages()
    for (const path of ["pnpm-workspace.yaml", "package.json", ".changeset/config.json"]) {
      await cp(join(root, path), join(folder, path))
    }
    // Neither git nor a changelog is needed to see versions.
    const config = JSON.parse(await readFile(join(folder, ".changeset/config.json"), "utf8"))
    await writeJson(join(folder, ".changeset/config.json"), { ...config, changelog: false })
    for (const { name, path, directory } of packages) {
      await mkdir(join(folder, directory), { recursive: true })
      const manifest = { ...(await readManifest(path)), version: versionOf(name) }
      await writeJson(join(folder, directory, "package.json"), manifest)
    }
    await writeFile(join(folder, ".changeset/change.md"), changesetOf(changes))
    await exec(process.execPath, [cli, "version"], { cwd: folder })
    const versions = await Promise.all(
      packages.map(async ({ name, directory }) => {
        const { version } = await readManifest(join(folder, directory))
        return version === versionOf(name) ? [] : [[name, version]]
      }),
    )
    return Object.fromEntries(versions.flat())
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const writeJson = (path, value) => writeFile(path, JSON.stringify(value))

const changesetOf = (changes) =>
  [
    "---",
    ...Object.entries(changes).map(([name, bump]) => `"${name}": ${bump}`),
    "---",
    "",
    "A change.",
    "",
  ].join("\n")
