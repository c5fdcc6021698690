import { readdir } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import type { Json } from "@execlog/core"
import { settingVariable } from "@execlog/core/unstable"
import {
  type FoundAdapter,
  installCommand,
  loadAdapter,
  lookupPlaces,
  ownPackage,
  resolvePackage,
} from "../../connections/AdapterLookup.js"
import { officialAdapters } from "../../connections/OfficialAdapters.js"

/** An adapter as `execlog providers` shows it. */
export type ProviderEntry = InstalledProvider | UnloadedProvider | MissingProvider

/** An adapter that is installed. */
interface InstalledProvider {
  readonly id: string
  readonly title: string
  readonly installed: true
  readonly loaded: true
  readonly package: string
  readonly version: string | null
  readonly path: string
  readonly settings: ReadonlyArray<{
    readonly name: string
    readonly description: string
    readonly required: boolean
    readonly secret: boolean
    readonly default: Json
    /** The environment variable that it is read from; null if it is not a secret. */
    readonly variable: string | null
  }>
}

/** A package with the name of an adapter, which is not loaded because nobody asked for it. */
interface UnloadedProvider {
  readonly id: string
  readonly title: string
  readonly installed: true
  readonly loaded: false
  readonly package: string
  readonly path: string
}

/** An official adapter that is not installed. */
interface MissingProvider {
  readonly id: string
  readonly title: string
  readonly installed: false
  readonly package: string
  readonly install: string
}

/** Which packages to load beside the official ones: the named ones, or all that look like an adapter. */
export interface LoadedPackages {
  readonly named: ReadonlyArray<string>
  readonly all: boolean
}

// Packages in the same scope that are not adapters.
const otherPackages = ["core", "contract-tests", "simulator"]

/** All installed adapters, and the official ones that are not installed. */
export const listProviders = async (
  directory: string,
  { named, all }: LoadedPackages,
  onProblem: (error: unknown) => void,
): Promise<ReadonlyArray<ProviderEntry>> => {
  const found = new Map<string, InstalledProvider>()
  const unloaded = new Map<string, UnloadedProvider>()
  const own = await ownPackage(directory)
  const ownName = own !== null && own.isAdapter && all ? [own.name] : []
  const official = officialAdapters.map(({ id }) => `@execlog/${id}`)
  for (const place of lookupPlaces(directory)) {
    for (const name of new Set([...named, ...ownName, ...(await packagesAround(place))])) {
      // Node resolves the working folder's own name, but nobody has installed that code.
      if (name === own?.name && !all && !named.includes(name)) continue
      const path = await resolvePackage(name, place)
      if (path === null) continue
      if (!all && !named.includes(name) && !official.includes(name)) {
        if (name.startsWith(prefix) && !unloaded.has(name)) {
          unloaded.set(name, unloadedOf(name, path))
        }
        continue
      }
      try {
        const entry = entryOf(await loadAdapter(name, path))
        if (!found.has(entry.id)) found.set(entry.id, entry)
      } catch (error) {
        if (isMeantAsAdapter(name, named)) onProblem(error)
      }
    }
  }
  const missing = officialAdapters
    .filter(({ id }) => !found.has(id))
    .map(({ id, title }): MissingProvider => {
      const name = `@execlog/${id}`
      return {
        id,
        title,
        installed: false,
        package: name,
        install: installCommand(name, directory),
      }
    })
  const installed = [...found.values(), ...unloaded.values()]
  return [...installed.toSorted((a, b) => (a.id < b.id ? -1 : 1)), ...missing]
}

const prefix = "execlog-adapter-"

const unloadedOf = (name: string, path: string): UnloadedProvider => ({
  id: name.slice(prefix.length),
  title: name,
  installed: true,
  loaded: false,
  package: name,
  path,
})

/** Whether a package should be an adapter: others in execlog's scope, even future ones, may not be. */
const isMeantAsAdapter = (name: string, configured: ReadonlyArray<string>): boolean =>
  !name.startsWith("@execlog/") ||
  configured.includes(name) ||
  officialAdapters.some(({ id }) => name === `@execlog/${id}`)

const entryOf = ({ adapter, packageName, version, path }: FoundAdapter): InstalledProvider => ({
  id: adapter.id,
  title: adapter.title,
  installed: true,
  loaded: true,
  package: packageName,
  version,
  path,
  settings: adapter.settings.map(({ name, description, required, kind, default: standard }) => ({
    name,
    description,
    required,
    secret: kind === "secret",
    default: standard,
    variable: kind === "secret" ? settingVariable(adapter.id, name) : null,
  })),
})

const packagesAround = async (place: string): Promise<ReadonlyArray<string>> => {
  const folders = createRequire(place).resolve.paths("execlog") ?? []
  const names = await Promise.all(
    folders.map(async (folder) => {
      const [plain, scoped] = await Promise.all([
        entries(folder),
        entries(join(folder, "@execlog")),
      ])
      return [
        ...scoped.filter((name) => !otherPackages.includes(name)).map((name) => `@execlog/${name}`),
        ...plain.filter((name) => name.startsWith(prefix)),
      ]
    }),
  )
  return names.flat()
}

const entries = async (folder: string): Promise<ReadonlyArray<string>> =>
  await readdir(folder).catch(() => [])
