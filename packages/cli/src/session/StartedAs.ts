import { readFileSync, realpathSync } from "node:fs"
import { delimiter, isAbsolute, join, relative } from "node:path"

/** The words that start this program again, from a directory. */
export const startedAs = (
  script: string | undefined,
  directory: string,
  environment: NodeJS.ProcessEnv,
): ReadonlyArray<string> => {
  if (environment["npm_lifecycle_event"] === "npx") return ["npx", "execlog"]
  if (script === undefined || isOnPath(script, environment["PATH"] ?? "")) return ["execlog"]
  const fromHere = relative(directory, script)
  return ["node", fromHere.length < script.length && !isAbsolute(fromHere) ? fromHere : script]
}

const isOnPath = (script: string, path: string): boolean =>
  path.split(delimiter).some((folder) => folder !== "" && leadsTo(join(folder, "execlog"), script))

/** Whether a file on PATH is a link to the script, or a shim for it as pnpm writes. */
const leadsTo = (file: string, script: string): boolean => {
  try {
    return (
      realpathSync(file) === realpathSync(script) ||
      /[\\/]execlog[\\/]bin[\\/]execlog\.js/.test(readFileSync(file, "utf8"))
    )
  } catch {
    return false
  }
}
