// pnpm architecture: shows in docs/architecture.md which folder imports which.

import { writeFileSync } from "node:fs"
import { architecturePagePath, composeArchitecturePage } from "./docs/architecture-page.mjs"

writeFileSync(architecturePagePath, await composeArchitecturePage())
console.log(`Wrote ${architecturePagePath}`)
