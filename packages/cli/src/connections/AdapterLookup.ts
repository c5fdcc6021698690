import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { UsageError } from "../session/UsageError.js"
import { officialAdapters } from "./OfficialAdapters.js"
import type { Adapter } from "@execlog/core/adapter"
import { existsSync, readFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { createRequire, isBuiltin } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

/** An adapter that is installed, and where it came from. */
export interface FoundAdapter {
  readonly adapter: Adapter.Adapter<unknown>
  readonly packageName: string
  readonly version: string | null
  readonly path: string
}

/**
 * The places that packages are looked for from: the working directory, then beside this program,
 * both where its file lies and where it was called, since pnpm links one to the other.
 */
export const lookupPlaces = (directory: string): ReadonlyArray<string> => [
  join(directory, "execlog.json"),
  fileURLToPath(import.meta.url),
  ...process.argv.slice(1, 2),
]

/** The adapter of a provider. Fails with a UsageError that says what to install. */
export const findAdapter = async (
  provider: string,
  packageName: string | undefined,
  directory: string,
): Promise<FoundAdapter> => {
  // The id becomes part of a package's name, and must not lead anywhere else.
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
  const refused = packageName === undefined ? await ownRefused(provider, directory) : null
  for (const [index, place] of lookupPlaces(directory).entries()) {
    for (const candidate of candidates) {
      if (index === 0 && candidate === refused) continue
      const path = await resolvePackage(candidate, place)
      if (path === null) continue
      const found = await loadAdapter(candidate, path)
      if (found.adapter.id !== provider) {
        throw new UsageError(
          `The package ${candidate} holds the adapter of "${found.adapter.id}", not of "${provider}".`,
          `Write "provider": "${found.adapter.id}", or name another package.`,
        )
      }
      return found
    }
  }
  throw notInstalled(provider, candidates, directory)
}

/** The packages that may hold the adapter of a provider where none is named. */
export const packagesOf = (provider: string): ReadonlyArray<string> => [
  `@execlog/${provider}`,
  `execlog-adapter-${provider}`,
]

/**
 * The package of the working folder is nothing that somebody installed, and is given no key of an official
 * provider because of its name alone. An author tries `execlog-adapter-acme` with `--provider acme`.
 */
const ownRefused = async (provider: string, directory: string): Promise<string | null> => {
  const own = await ownPackage(directory)
  if (own === null || own.name.startsWith("@execlog/")) return own?.name ?? null
  return isOfficial(provider) ? own.name : null
}

const isOfficial = (provider: string): boolean => officialAdapters.some(({ id }) => id === provider)

/** The file that a package is imported from; null when it is not installed. */
export const resolvePackage = async (name: string, place: string): Promise<string | null> => {
  try {
    return createRequire(place).resolve(name)
  } catch {
    // Not found, or a package that only `import` may load, which require cannot resolve.
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

/** Imports an adapter from its file. Fails with a UsageError when it cannot be used. */
export const loadAdapter = async (packageName: string, path: string): Promise<FoundAdapter> => {
  const loaded: unknown = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new UsageError(
      `The package ${packageName} cannot be loaded from ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Install it again with what it depends on: @execlog/core and effect.",
    )
  })
  const adapter = defaultExport(loaded)
  if (!isAdapter(adapter)) {
    throw new UsageError(
      `The package ${packageName} (${path}) is not an execlog adapter: its default export is not one.`,
      "Name the package of an adapter, which exports what Adapter.make gives as default.",
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
      `The adapter of "${provider}" is not installed. ${searched}`,
      `Install it: ${installCommand(first, directory)}`,
    )
  }
  const known = officialAdapters.map(({ id }) => id).join(", ")
  return new UsageError(
    `There is no adapter of "${provider}" here. ${searched}`,
    `The official adapters are ${known}. If somebody else publishes one: ${installCommand(`execlog-adapter-${provider}`, directory)}`,
  )
}

const managers = [
  { lock: "pnpm-lock.yaml", command: "pnpm add" },
  { lock: "yarn.lock", command: "yarn add" },
  { lock: "bun.lock", command: "bun add" },
]

/** The command that installs a package, with the package manager that a directory is kept by. */
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

/** The package in whose folder, or below it, execlog is called. */
export interface OwnPackage {
  readonly name: string
  /** Whether it says that it is an adapter. */
  readonly isAdapter: boolean
}

/** Finds it; null where there is none. By its name Node finds it as it finds what is installed. */
export const ownPackage = async (directory: string): Promise<OwnPackage | null> => {
  const text = await readFile(join(directory, "package.json"), "utf8").catch(() => null)
  const above = dirname(directory)
  if (text === null) return above === directory ? null : await ownPackage(above)
  const read = decodeManifest(text)
  if (Result.isFailure(read) || read.success.name === undefined) return null
  const { name, keywords = [] } = read.success
  return { name, isAdapter: keywords.includes("execlog-adapter") }
}

// What npm takes, and what was published before it took less. No path, no address, no file in a package.
const packageName = /^(?:@[a-z\d~-][a-z\d._~-]*\/)?[a-z\d~-][a-z\d._~-]*$/i
const longest = 214

/** Refuses what is not the name of a package, from where code would be loaded that nobody installed. */
export const refuseOtherThanName = (name: string, place: string): void => {
  if (packageName.test(name) && name.length <= longest && !isBuiltin(name)) return
  throw new UsageError(
    `${place}: this is not a package name.`,
    'Write the name under which the adapter is installed, such as "@acme/execlog"; a path or an address is none.',
  )
}
