// The folders of packages/adapters: the ids of the official providers.
import { globSync } from "node:fs"
import { basename, dirname } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** Their names, in alphabetical order. */
export const adapterNames = globSync("packages/adapters/*/package.json", { cwd: root })
  .map((path) => basename(dirname(path)))
  .toSorted()
