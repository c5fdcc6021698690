// pnpm sboms: writes a bill of materials of each published package into sbom, or into the folder that
// is named: what an installation brings, in CycloneDX. Peers are the user's own choice, and not in it.

import { join, resolve } from "node:path"
import { writeSboms } from "./release/sbom.mjs"

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, "../sbom"))
const written = await writeSboms(folder)
console.log(`Wrote ${written.length} bills of materials into ${folder}`)
