// The public types of each published package, as text: a change to them shows in review. API Extractor
// brings a TypeScript of its own, since TypeScript 7 has no JavaScript API. dist is read: build first.

import { readFileSync } from "node:fs"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
} from "@microsoft/api-extractor"
import { publishedPackages } from "../lib/published-packages.mjs"

const root = join(import.meta.dirname, "../..")

export const reportFolder = join(root, "api")

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"))

/** The entry points: one for each subpath of each package that exports any. */
const entryPoints = async () =>
  (await publishedPackages()).flatMap(({ name, path }) =>
    Object.entries(readJson(join(path, "package.json")).exports).flatMap(([subpath, target]) =>
      target.types === undefined
        ? []
        : [{ path, types: join(path, target.types), report: reportName(name, subpath) }],
    ),
  )

const reportName = (name, subpath) =>
  [name.replace("@execlog/", ""), ...subpath.split("/").slice(1)].join(".")

const configure = ({ path, types, report }, folder) =>
  ExtractorConfig.prepare({
    packageJsonFullPath: join(path, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: path,
      mainEntryPointFilePath: types,
      compiler: { overrideTsconfig: { compilerOptions, files: [types] } },
      apiReport: {
        enabled: true,
        // A type that appears in an exported one is public as well.
        includeForgottenExports: true,
        reportFileName: report,
        reportFolder: folder,
        reportTempFolder: join(folder, "temp"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  })

const { compilerOptions } = readJson(join(root, "tsconfig.base.json"))

/** The report of each entry point, by the name of its file. */
export const composeApiReports = async () => {
  const folder = await mkdtemp(join(tmpdir(), "execlog-api-"))
  try {
    const [first, ...others] = (await entryPoints()).map((one) => configure(one, folder))
    if (first === undefined) throw new Error("No package can be imported.")
    // One program for all: each of its own would read the types of effect again.
    const compilerState = CompilerState.create(first, {
      additionalEntryPoints: others.map((config) => config.mainEntryPointFilePath),
    })
    for (const config of [first, ...others]) extract(config, compilerState)
    const names = (await readdir(folder)).filter((name) => name.endsWith(".md")).toSorted()
    const reports = await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]),
    )
    return Object.fromEntries(reports)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const extract = (config, compilerState) => {
  const errors = []
  const { succeeded } = Extractor.invoke(config, {
    compilerState,
    localBuild: true,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.text)
      message.handled = true
    },
  })
  if (!succeeded) {
    throw new Error(`${config.mainEntryPointFilePath} cannot be read:\n${errors.join("\n")}`)
  }
}
