// Bills of materials, from the lockfile and what is installed.

import { execFile } from "node:child_process"
import { mkdir, readdir } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { publishedPackages } from "../lib/published-packages.mjs"

const exec = promisify(execFile)
const root = join(import.meta.dirname, "../..")

/** Writes one for each published package, and gives the names of the files. */
export const writeSboms = async (folder) => {
  await mkdir(folder, { recursive: true })
  const packages = await publishedPackages()
  const filters = packages.flatMap(({ name }) => ["--filter", name])
  const format = ["--sbom-format", "cyclonedx", "--sbom-spec-version", "1.6"]
  const out = join(folder, "%s-%v.cdx.json")
  await exec(
    "pnpm",
    [...filters, "sbom", ...format, "--prod", "--exclude-peers", "--split", "--out", out],
    { cwd: root },
  )
  return readdir(folder)
}
