// pnpm faults: writes docs/faults.md, after the suites have seen what they saw.
import { writeFileSync } from "node:fs"
import { composeFaultPage, faultPagePath, readSeen } from "./docs/fault-page.mjs"

writeFileSync(faultPagePath, composeFaultPage(readSeen()))
console.log(`Wrote ${faultPagePath}`)
