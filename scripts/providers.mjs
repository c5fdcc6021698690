// pnpm providers: writes docs/providers.md from the adapters as they are built.
import { writeFileSync } from "node:fs"
import { composeProviderPage, providerPagePath } from "./docs/provider-page.mjs"

writeFileSync(providerPagePath, await composeProviderPage())
console.log(`Wrote ${providerPagePath}`)
