// pnpm licence-page: writes docs/licences.md from what is installed.

import { writeFileSync } from "node:fs"
import {
  composeLicencePage,
  licenceFaults,
  licencePagePath,
  readLicences,
} from "./docs/licence-page.mjs"

const licences = await readLicences()
writeFileSync(licencePagePath, composeLicencePage(licences))
console.log(`Wrote ${licencePagePath}`)
const faults = licenceFaults(licences)
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
