// The rules for every published package. publint and attw (publint.mjs) check whether
// its exports resolve; this asks for what npm shows of it, and for what belongs in it and what does not.

import { dirname, posix } from "node:path"

const repository = "https://github.com/execlog/execlog"
const lifecycle = ["preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare"]

/**
 * @typedef {object} Shipped
 * @property {string} directory where the package is in the repository
 * @property {any} manifest package.json as it was packed
 * @property {string[]} files the paths in the tarball
 * @property {(path: string) => string} read the text of one of them
 */

/** @param {Shipped} shipped @returns {string[]} what is wrong, in sentences */
export const packageFaults = (shipped) => [
  ...metadataFaults(shipped),
  ...exportFaults(shipped),
  ...dependencyFaults(shipped),
  ...contentFaults(shipped),
  ...mapFaults(shipped),
]

const isAdapter = (directory) => directory.startsWith("packages/adapters/")

/** The fields that npm shows and tools use. */
const metadataFaults = ({ directory, manifest, files, read }) => {
  const expected = {
    type: "module",
    license: "MIT",
    homepage: `${repository}/tree/main/${directory}#readme`,
    bugs: { url: `${repository}/issues` },
    repository: { type: "git", url: `git+${repository}.git`, directory },
    engines: { node: ">=22.20" },
  }
  const keywords = manifest.keywords ?? []
  const scripts = manifest.scripts ?? {}
  const readme = files.includes("README.md") ? read("README.md") : ""
  return faults({
    ...Object.fromEntries(
      Object.entries(expected).map(([field, value]) => [
        `${field} must be ${JSON.stringify(value)}.`,
        !isEqual(manifest[field], value),
      ]),
    ),
    "description is missing.": (manifest.description ?? "") === "",
    "keywords must hold execlog.": !keywords.includes("execlog"),
    "keywords of an adapter, and of no other package, must hold execlog-adapter.":
      keywords.includes("execlog-adapter") !== isAdapter(directory),
    "No script may run where it is installed.": lifecycle.some((name) => name in scripts),
    "LICENSE is missing.": !files.includes("LICENSE"),
    "README.md is missing, or does not begin with the package's name.": !readme.startsWith(
      `# ${manifest.name}\n`,
    ),
  })
}

/** The entry points and programs. */
const exportFaults = ({ manifest, files, read }) => {
  const { "./package.json": own, ...modules } = manifest.exports ?? {}
  const entries = Object.entries(modules)
  const legacy = ["main", "module", "types", "typings", "browser"].filter(
    (name) => name in manifest,
  )
  const programs = Object.values(manifest.bin ?? {}).map((path) => posix.normalize(path))
  return [
    ...faults({
      'exports must hold "./package.json".': own !== "./package.json",
      "It can be neither imported nor run.": entries.length + programs.length === 0,
      "What can be imported has no side effects: sideEffects must be false.":
        manifest.sideEffects !== false,
    }),
    ...legacy.map((name) => `${name} is not needed beside exports.`),
    ...entries.flatMap(([subpath, target]) =>
      isEqual(Object.keys(Object(target)), ["types", "default"])
        ? [target.types, target.default]
            .filter((path) => !files.includes(posix.normalize(path)))
            .map((path) => `exports of ${subpath}: ${path} is not in the tarball.`)
        : [`exports of ${subpath} must say types, then default, and nothing else.`],
    ),
    ...programs.flatMap((path) =>
      !files.includes(path)
        ? [`bin: ${path} is not in the tarball.`]
        : read(path).startsWith("#!/usr/bin/env node\n")
          ? []
          : [`bin: ${path} does not begin with #!/usr/bin/env node.`],
    ),
  ]
}

/** The accompanying files. */
const dependencyFaults = ({ directory, manifest }) => {
  const { dependencies = {}, peerDependencies = {}, optionalDependencies = {} } = manifest
  const all = Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies })
  const peers = Object.keys(peerDependencies).toSorted()
  return [
    ...faults({
      "An adapter has no dependencies, and the peers @execlog/core and effect.":
        isAdapter(directory) &&
        !(Object.keys(dependencies).length === 0 && isEqual(peers, ["@execlog/core", "effect"])),
      "core has no dependencies, and the peer effect.":
        manifest.name === "@execlog/core" &&
        !(Object.keys(dependencies).length === 0 && isEqual(peers, ["effect"])),
    }),
    ...all
      .filter(([, range]) => /^(workspace|catalog|link|file|git|https?):/.test(range))
      .map(([name, range]) => `${name}: ${range} means nothing outside of the repository.`),
    ...all
      .filter(
        ([name, range]) => /^(@execlog\/|execlog$|effect$)/.test(name) && !/^\^\d/.test(range),
      )
      .map(
        ([name, range]) => `${name}: ${range} must be a caret range, so that minors are admitted.`,
      ),
  ]
}

/** The files of the tarball. */
const contentFaults = ({ files }) => [
  ...files
    .filter(
      (path) => !/^(package\.json|README\.md|LICENSE|CHANGELOG\.md|(bin|dist|src)\/.+)$/.test(path),
    )
    .map((path) => `${path} does not belong in the tarball.`),
  ...files
    .filter((path) =>
      /(^|\/)(tests?|__\w+__|fixtures|coverage)\/|\.(test|spec)\.|\.tsbuildinfo$|\.snap$|\/\./.test(
        path,
      ),
    )
    .map((path) => `${path} is of the tests or of tools.`),
]

/** Every built module has its types, and both lead to the source, which is there. */
const mapFaults = ({ files, read }) => {
  const has = new Set(files)
  const modules = files.filter((path) => path.startsWith("dist/") && path.endsWith(".js"))
  return [
    ...(modules.length === 0 ? ["It is not built: dist is empty."] : []),
    ...modules.flatMap((module) => {
      const types = module.replace(/\.js$/, ".d.ts")
      const needed = [types, `${module}.map`, `${types}.map`]
      const missing = needed.filter((path) => !has.has(path))
      if (missing.length > 0) return missing.map((path) => `${path} is missing.`)
      return [module, types].flatMap((path) => {
        const { sources, sourcesContent = [], sourceRoot = "" } = JSON.parse(read(`${path}.map`))
        const named = read(path)
          .trimEnd()
          .endsWith(`//# sourceMappingURL=${posix.basename(path)}.map`)
        return [
          ...(named ? [] : [`${path} does not name its map.`]),
          ...sources
            // The map of a bundle contains the sources of other packages.
            .filter((_, index) => typeof sourcesContent[index] !== "string")
            .map((source) => posix.join(dirname(path), sourceRoot, source))
            .filter((source) => !has.has(source))
            .map((source) => `${path}.map leads to ${source}, which is not in the tarball.`),
        ]
      })
    }),
  ]
}

const faults = (checks) => Object.keys(checks).filter((sentence) => checks[sentence])

const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other)
