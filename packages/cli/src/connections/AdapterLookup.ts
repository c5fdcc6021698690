import { existsSync, readFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { createRequire, isBuiltin } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Adapter } from "@execlog/core/adapter"
import { nearestWord } from "@execlog/core/unstable"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { UsageError } from "../session/UsageError.js"
import { officialAdapters } from "./OfficialAdapters.js"

/** An installed adapter, and where it was found. */
export interface FoundAdapter {
  readonly adapter: Adapter.Adapter<unknown>
  readonly packageName: string
  readonly version: string | null
  readonly path: string
}

/**
 * The places to resolve packages from: the working directory, then beside this program,
 * at its real path as well as at the path it was called by, because pnpm links one to the other.
 */
export const lookupPlaces = (directory: string): ReadonlyArray<string> => [
  join(directory, "execlog.json"),
  fileURLToPath(import.meta.url),
  ...process.argv.slice(1, 2),
]

/** Finds the adapter for a provider. Fails with a UsageError that says what to install. */
export const findAdapter = async (
  provider: string,
  packageName: string | undefined,
  directory: string,
): Promise<FoundAdapter> => {
  // The id becomes part of a package name, and must not form a path.
  if (!/^[a-z\d][a-z\d._-]*$/i.test(provider)) {
    throw new UsageError(
      `"${provider}" is not a provider id.`,
      "Ids are words such as dify or alloy. execlog providers lists those that are installed.",
    )
  }
  if (packageName === undefined && provider !== provider.toLowerCase()) {
    throw new UsageError(
      `"${provider}" is not a provider id: ids are in lower case.`,
      `Did you mean ${provider.toLowerCase()}?`,
    )
  }
  const candidates = packageName === undefined ? packagesOf(provider) : [packageName]
  const rejected = packageName === undefined ? await excludedOwnPackage(provider, directory) : null
  for (const [index, place] of lookupPlaces(directory).entries()) {
    for (const candidate of candidates) {
      if (index === 0 && candidate === rejected) continue
      const path = await resolvePackage(candidate, place)
      if (path === null) continue
      const found = await loadAdapter(candidate, path)
      if (found.adapter.id !== provider) {
        throw new UsageError(
          `The package ${candidate} contains the adapter for "${found.adapter.id}", not for "${provider}".`,
          `Write "provider": "${found.adapter.id}", or name another package.`,
        )
      }
      return found
    }
  }
  throw notInstalled(provider, candidates, directory)
}

/** The packages to search for a provider's adapter when the configuration names none. */
export const packagesOf = (provider: string): ReadonlyArray<string> => [
  `@execlog/${provider}`,
  `execlog-adapter-${provider}`,
]

/**
 * The package of the working folder was not installed by anybody, so its name alone does not entitle it to
 * the key of an official provider. An author can still try `execlog-adapter-acme` with `--provider acme`.
 */
const excludedOwnPackage = async (provider: string, directory: string): Promise<string | null> => {
  const own = await ownPackage(directory)
  if (own === null || own.name.startsWith("@execlog/")) return own?.name ?? null
  return isOfficial(provider) ? own.name : null
}

const isOfficial = (provider: string): boolean => officialAdapters.some(({ id }) => id === provider)

/** The file that importing a package loads; null if it is not installed. */
export const resolvePackage = async (name: string, place: string): Promise<string | null> => {
  try {
    return createRequire(place).resolve(name)
  } catch {
    // Not found, or a package that only `import` can resolve.
    const { resolve } = await import("import-meta-resolve")
    try {
      const path = fileURLToPath(resolve(name, pathToFileURL(place).href))
      readFileSync(path)
      return path
    } catch {
      return null
    }
  }
}

/** Imports an adapter from its file. Fails with a UsageError if it cannot be used. */
export const loadAdapter = async (packageName: string, path: string): Promise<FoundAdapter> => {
  const loaded: unknown = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new UsageError(
      `The package ${packageName} cannot be loaded from ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Reinstall it together with @execlog/core and effect, which it depends on.",
    )
  })
  const adapter = defaultExport(loaded)
  if (!isAdapter(adapter)) {
    throw new UsageError(
      `The package ${packageName} (${path}) is not an execlog adapter: its default export is not one.`,
      "Name a package whose default export is made by Adapter.make.",
    )
  }
  return { adapter, packageName, version: versionOf(packageName, path), path }
}

const defaultExport = (loaded: unknown): unknown =>
  typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : undefined

const isAdapter = (value: unknown): value is Adapter.Adapter<unknown> =>
  typeof value === "function" &&
  "kind" in value &&
  value.kind === "execlog/adapter" &&
  "id" in value &&
  typeof value.id === "string" &&
  "settings" in value &&
  Array.isArray(value.settings)

const versionOf = (packageName: string, path: string): string | null => {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
    const manifest = readManifest(join(at, "package.json"))
    if (manifest !== null && manifest.name === packageName) return manifest.version
  }
  return null
}

const readManifest = (
  path: string,
): { readonly name: unknown; readonly version: string | null } | null => {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"))
    if (typeof manifest !== "object" || manifest === null || !("name" in manifest)) return null
    const version = "version" in manifest ? manifest.version : null
    return { name: manifest.name, version: typeof version === "string" ? version : null }
  } catch {
    return null
  }
}

const notInstalled = (
  provider: string,
  candidates: ReadonlyArray<string>,
  directory: string,
): UsageError => {
  const searched = `Looked for ${candidates.join(" and ")} from ${directory} and beside execlog.`
  const [first = ""] = candidates
  if (isOfficial(provider) || candidates.length === 1) {
    return new UsageError(
      `The adapter for "${provider}" is not installed. ${searched}`,
      `Install it: ${installCommand(first, directory)}`,
    )
  }
  const known = officialAdapters.map(({ id }) => id)
  const meant = nearestWord(provider, known)
  return new UsageError(
    `There is no adapter for "${provider}". ${searched}`,
    // After a typo, a package of that name would be a stranger's.
    meant !== null
      ? `Did you mean ${meant}?`
      : `The official adapters are ${known.join(", ")}. If somebody else publishes one: ${installCommand(`execlog-adapter-${provider}`, directory)}`,
  )
}

const managers = [
  { lock: "pnpm-lock.yaml", command: "pnpm add" },
  { lock: "yarn.lock", command: "yarn add" },
  { lock: "bun.lock", command: "bun add" },
]

/** The command that installs a package, with the package manager of a directory. */
export const installCommand = (packageName: string, directory: string): string => {
  const manager = managers.find(({ lock }) => existsSync(join(directory, lock)))
  return `${manager?.command ?? "npm install"} ${packageName}`
}

const Manifest = Schema.fromJsonString(
  Schema.Struct({
    name: Schema.optionalKey(Schema.String),
    keywords: Schema.optionalKey(Schema.Array(Schema.String)),
  }),
)
const decodeManifest = Schema.decodeUnknownResult(Manifest)

/** The package whose folder contains the working directory. */
export interface OwnPackage {
  readonly name: string
  /** Whether its keywords declare an adapter. */
  readonly isAdapter: boolean
}

/** Finds that package; null if there is none. Node resolves its name as it does an installed one. */
export const ownPackage = async (directory: string): Promise<OwnPackage | null> => {
  const text = await readFile(join(directory, "package.json"), "utf8").catch(() => null)
  const above = dirname(directory)
  if (text === null) return above === directory ? null : await ownPackage(above)
  const read = decodeManifest(text)
  if (Result.isFailure(read) || read.success.name === undefined) return null
  const { name, keywords = [] } = read.success
  return { name, isAdapter: keywords.includes("execlog-adapter") }
}

// The names that npm accepts, old ones included. No path, no URL, no file inside a package.
const packageName = /^(?:@[a-z\d~-][a-z\d._~-]*\/)?[a-z\d~-][a-z\d._~-]*$/i
const longest = 214

/** Rejects anything but a package name: a path or a URL would load code that nobody installed. */
export const requirePackageName = (name: string, place: string): void => {
  if (packageName.test(name) && name.length <= longest && !isBuiltin(name)) return
  throw new UsageError(
    `${place}: this is not a package name.`,
    'Write the name of an installed package, such as "@acme/execlog", and not a path or a URL.',
  )
}
