// Checks what builds the website against what is allowed, and against its page; with --write, writes the
// page. Install the site first.

import { readFileSync, writeFileSync } from "node:fs"
import {
  composeSiteLicencePage,
  licenceFaults,
  readSiteLicences,
  siteLicencePagePath,
} from "./docs/licence-page.mjs"

const licences = await readSiteLicences()
const page = composeSiteLicencePage(licences)
if (process.argv.includes("--write")) writeFileSync(siteLicencePagePath, page)
const faults = licenceFaults(licences)
if (readFileSync(siteLicencePagePath, "utf8") !== page) {
  faults.push(`${siteLicencePagePath} lists others: pnpm site-licence-page writes it.`)
}
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
else console.log(`The licences of ${licences.length} packages that build the website are allowed.`)
