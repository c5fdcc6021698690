// The licences of all that is installed: what comes with the published packages, and what only builds
// and tests them, and what builds the website. `pnpm licenses` reads them, so install first.

import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"

const exec = promisify(execFile)
const root = join(import.meta.dirname, "../..")
const site = join(root, "site")

export const licencePagePath = join(root, "docs/licences.md")
export const siteLicencePagePath = join(root, "docs/licences-of-the-website.md")

/** Licences of dependencies that users install as well: they require only attribution. */
const permissive = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
]

/** Further licences, each reviewed, of packages for builds and tests, which are not distributed. */
const development = {
  // Data about browsers.
  "CC-BY-4.0": /^caniuse-lite$/,
  // Icons, given to everybody.
  "CC0-1.0": /^@iconify-json\/simple-icons$/,
  // A parser of CSS, which vite brings.
  "MPL-2.0": /^lightningcss(-|$)/,
  // A reader of arguments, of which a part comes from Python's.
  "Python-2.0": /^argparse$/,
}

/**
 * @typedef {object} Licensed
 * @property {string} name
 * @property {string} license as its package.json has it, an expression of SPDX
 * @property {boolean} ships whether it comes with a published package
 * @property {boolean} everywhere whether it is installed on every platform
 */

/** @returns {Promise<Licensed[]>} by name */
export const readLicences = async () => {
  const [all, shipped] = await Promise.all([
    listed(root, "--recursive"),
    listed(root, "--recursive", "--prod"),
  ])
  const ships = new Set(shipped.map(({ name }) => name))
  return all.map(({ name, license, paths }) => ({
    name,
    license,
    ships: ships.has(name),
    everywhere: paths.every(isEverywhere),
  }))
}

/** @returns {Promise<Licensed[]>} of what builds the website, by name */
export const readSiteLicences = async () =>
  (await listed(site)).map(({ name, license, paths }) => ({
    name,
    license,
    ships: false,
    everywhere: paths.every(isEverywhere),
  }))

const listed = async (folder, ...flags) => {
  const args = [...flags, "licenses", "list", "--json"]
  const { stdout } = await exec("pnpm", args, { cwd: folder, maxBuffer: 1e8 })
  return Object.values(JSON.parse(stdout))
    .flat()
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

const isEverywhere = (path) => {
  const { os, cpu, libc } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"))
  return os === undefined && cpu === undefined && libc === undefined
}

/** Whose licence is not allowed, in sentences. */
export const licenceFaults = (licences) =>
  licences
    .filter(({ name, license, ships }) => !isAllowed(license, name, ships))
    .map(({ name, license, ships }) =>
      ships
        ? `${name} has the licence ${license}, and would come with a published package: do without it.`
        : `${name} has the licence ${license}: see what it asks, then allow it in licence-page.mjs, or do without it.`,
    )

/** Of several to choose from, one has to be allowed; of several that hold together, all. */
const isAllowed = (license, name, ships) =>
  license
    .replaceAll(/[()]/g, "")
    .split(" OR ")
    .some((choice) =>
      choice
        .split(" AND ")
        .every((one) => permissive.includes(one) || (!ships && development[one]?.test(name))),
    )

/** docs/licences.md. It names no versions, which the bills of materials do, and no platform's own parts. */
export const composeLicencePage = (licences) => {
  const everywhere = licences.filter((one) => one.everywhere)
  return `# Licences

execlog is MIT licensed. These are the licences of its dependencies, as the packages themselves declare
them. \`pnpm licence-page\` generates this page, and a test checks that each licence is allowed.

## Dependencies of the published packages

Installing a package installs some of these; its bill of materials lists which, with their versions.
Allowed licences: ${permissive.join(", ")}.

${table(
  "###",
  everywhere.filter(({ ships }) => ships),
)}
## Build and test dependencies

None of these is in a published package, or installed with one, unless the user chooses it (a peer such as vitest).
Packages for a single platform are checked where they are installed, and not listed.
The dependencies of the website have [their own page](licences-of-the-website.md).

${table(
  "###",
  everywhere.filter(({ ships }) => !ships),
)}`
}

/** docs/licences-of-the-website.md. */
export const composeSiteLicencePage = (licences) => `# Licences of the website's dependencies

None of these is in a published package, or installed by \`npm test\`. \`npm run site\` installs them, and checks
that each licence is allowed and that this page is up to date. \`pnpm site-licence-page\` generates it. Packages for
a single platform are checked where they are installed, and not listed.

${table(
  "##",
  licences.filter(({ everywhere }) => everywhere),
)}`

const table = (heading, rows) =>
  [...Map.groupBy(rows, ({ license }) => license)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([license, packages]) => [
      `${heading} ${license}`,
      "",
      packages.map(({ name }) => `\`${name}\``).join(", "),
      "",
    ])
    .join("\n")
