// Packs every package that is published, as the release will, and asks of each tarball: does what
// package.json promises exist in it (publint), and do its types resolve as its code does (attw)?

import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { pack, publishedPackages } from "./lib/published-packages.mjs"

const exec = promisify(execFile)
const root = join(import.meta.dirname, "..")
const bin = (name) => join(root, "node_modules/.bin", name)

const published = await publishedPackages()
const folder = await mkdtemp(join(tmpdir(), "execlog-pack-"))

/** The problems of a package, or an empty string. */
const complaint = async (one) => {
  try {
    const tarball = await pack(one, folder)
    await exec(bin("publint"), ["--strict", tarball])
    await exec(bin("attw"), ["--profile", "esm-only", tarball])
    return ""
  } catch (error) {
    const { stdout: said, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error)
    return `${one.name}\n${said}${stderr}`
  }
}

try {
  const complaints = (await Promise.all(published.map(complaint))).filter((said) => said !== "")
  if (complaints.length > 0) {
    console.error(complaints.join("\n"))
    process.exitCode = 1
  } else {
    console.log(`publint and attw: ${published.length} packages, nothing wrong`)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
