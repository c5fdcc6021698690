// The size that core and each adapter add to an application that bundles them: everything that the package
// exports, minified and compressed, without its peers. dist is measured: build first.

import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"

const root = join(import.meta.dirname, "../..")

export const budgetPath = join(root, "sizes.json")

/** The packages that have a budget: name and peers by folder. */
const measured = () =>
  globSync(["packages/core/package.json", "packages/adapters/*/package.json"], { cwd: root }).map(
    (path) => {
      const { name, peerDependencies, exports } = JSON.parse(readFileSync(join(root, path), "utf8"))
      const entryPoints = Object.keys(exports)
        .filter((path) => !path.endsWith(".json"))
        .map((path) => join(name, path))
      return {
        name,
        folder: join(root, dirname(path)),
        peers: Object.keys(peerDependencies),
        entryPoints,
      }
    },
  )

/** The size of each package in bytes, by name. */
export const measureSizes = async () => {
  const sizes = await Promise.all(
    measured().map(async ({ name, ...measured }) => [name, await sizeOf(measured)]),
  )
  return Object.fromEntries(sizes.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

const sizeOf = async ({ folder, peers, entryPoints }) => {
  const { outputFiles } = await build({
    stdin: {
      // Names, since two entry points may export the same one.
      contents: entryPoints
        .map((path, index) => `export * as entry${index} from "${path}"`)
        .join("\n"),
      resolveDir: folder,
    },
    bundle: true,
    format: "esm",
    platform: "neutral",
    external: peers.flatMap((peer) => [peer, `${peer}/*`]),
    minify: true,
    write: false,
    logLevel: "silent",
  })
  return gzipSync(Buffer.concat(outputFiles.map((file) => file.contents)), { level: 9 }).length
}

/** Room for mending and small additions: a twentieth, in whole hundreds of bytes. */
const budgetOf = (bytes) => Math.ceil((bytes * 1.05) / 100) * 100

/** The budgets to record: what grew beyond its own has a new one, and none that fits is widened. */
export const recordBudgets = (sizes, budgets) =>
  Object.fromEntries(
    Object.entries(sizes).map(([name, bytes]) => {
      const budget = budgets[name] ?? 0
      return [name, bytes > budget ? budgetOf(bytes) : Math.min(budget, budgetOf(bytes))]
    }),
  )

/** Sentences about packages that exceed their budget, have none, or no longer exist. */
export const budgetFaults = (sizes, budgets) => [
  ...Object.entries(sizes).flatMap(([name, bytes]) => {
    const budget = budgets[name]
    if (budget === undefined) {
      return [`${name} has no budget. Record one: pnpm sizes --write, and commit sizes.json.`]
    }
    return bytes > budget
      ? [
          `${name} is ${bytes} bytes minified and compressed, ${bytes - budget} over its budget of ${budget}. ` +
            "Make it smaller; or, where what came in is worth it, record a new budget: pnpm sizes --write.",
        ]
      : []
  }),
  ...Object.keys(budgets)
    .filter((name) => !(name in sizes))
    .map((name) => `${name} has a budget and is gone. Take it out: pnpm sizes --write.`),
]
