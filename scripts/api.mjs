// pnpm api: writes the public types of each package into api.

import { rmSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { composeApiReports, reportFolder } from "./docs/api-report.mjs"

const reports = await composeApiReports()
rmSync(reportFolder, { recursive: true, force: true })
mkdirSync(reportFolder)
for (const [name, text] of Object.entries(reports)) writeFileSync(join(reportFolder, name), text)
console.log(`Wrote ${Object.keys(reports).length} reports into ${reportFolder}`)
