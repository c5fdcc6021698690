import { readdir } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { type Json, settingVariable } from "@execlog/core"
import { type FoundAdapter, loadAdapter, lookupPlaces, resolvePackage } from "./AdapterLookup.js"
import { installCommand } from "./InstallCommand.js"
import { officialAdapters } from "./OfficialAdapters.js"
import { ownPackage } from "./OwnPackage.js"

/** An adapter as `execlog providers` shows it. */
export type ProviderEntry = InstalledProvider | MissingProvider

/** An adapter that is installed. */
interface InstalledProvider {
  readonly id: string
  readonly title: string
  readonly installed: true
  readonly package: string
  readonly version: string | null
  readonly path: string
  readonly settings: ReadonlyArray<{
    readonly name: string
    readonly description: string
    readonly required: boolean
    readonly secret: boolean
    readonly default: Json
    /** The environment variable that it is read from; null where it is no secret. */
    readonly variable: string | null
  }>
}

/** An official adapter that is not installed. */
interface MissingProvider {
  readonly id: string
  readonly title: string
  readonly installed: false
  readonly package: string
  readonly install: string
}

// They have the names of adapters and are none; some cannot even be loaded here.
const otherPackages = ["core", "contract-tests", "simulator"]

/** All adapters that can be found, and the official ones that cannot. */
export const listProviders = async (
  directory: string,
  packages: ReadonlyArray<string>,
  onProblem: (error: unknown) => void,
): Promise<ReadonlyArray<ProviderEntry>> => {
  const found = new Map<string, InstalledProvider>()
  const own = await ownPackage(directory)
  const named = [...packages, ...(own === null ? [] : [own])]
  for (const place of lookupPlaces(directory)) {
    for (const name of new Set([...named, ...(await packagesAround(place))])) {
      const path = await resolvePackage(name, place)
      if (path === null) continue
      try {
        const entry = entryOf(await loadAdapter(name, path))
        if (!found.has(entry.id)) found.set(entry.id, entry)
      } catch (error) {
        if (isMeantAsAdapter(name, packages)) onProblem(error)
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
  return [...[...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)), ...missing]
}

/** A package of execlog's own scope may be something else, also one that came after this version. */
const isMeantAsAdapter = (name: string, configured: ReadonlyArray<string>): boolean =>
  !name.startsWith("@execlog/") ||
  configured.includes(name) ||
  officialAdapters.some(({ id }) => name === `@execlog/${id}`)

const entryOf = ({ adapter, packageName, version, path }: FoundAdapter): InstalledProvider => ({
  id: adapter.id,
  title: adapter.title,
  installed: true,
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
        ...plain.filter((name) => name.startsWith("execlog-adapter-")),
      ]
    }),
  )
  return names.flat()
}

const entries = async (folder: string): Promise<ReadonlyArray<string>> =>
  await readdir(folder).catch(() => [])
