import { pathToFileURL } from "node:url"
import type * as Recording from "@execlog/contract-tests/recording"
import { lookupPlaces, resolvePackage } from "../../connections/AdapterLookup.js"
import { installCommand } from "../../connections/InstallCommand.js"
import { ownPackage } from "../../connections/OwnPackage.js"
import { UsageError } from "../../session/UsageError.js"

/** What records fixtures: a package of its own, since only authors of adapters need it. */
export type RecordingPackage = typeof Recording

const packageName = "@execlog/contract-tests"

/** Loads the package from where adapters are loaded. Fails with a UsageError that says what to install. */
export const loadRecording = async (directory: string): Promise<RecordingPackage> => {
  const own = await ownPackage(directory)
  for (const [index, place] of lookupPlaces(directory).entries()) {
    // A working folder of that name is nothing that was installed.
    if (index === 0 && own?.name === packageName) continue
    const path = await resolvePackage(`${packageName}/recording`, place)
    // What the package exports under this name is what its types say.
    if (path !== null) return await import(pathToFileURL(path).href)
  }
  throw new UsageError(
    `record needs ${packageName}, which is not installed. Looked for it from ${directory} and beside execlog.`,
    `Install it: ${installCommand(packageName, directory)}`,
  )
}
