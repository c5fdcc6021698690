// The size that each entry point of core and each adapter add to an application that bundles them: all that
// the entry point exports, minified and compressed, without peers. dist is measured: build first.

import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"

const root = join(import.meta.dirname, "../..")

export const budgetPath = join(root, "sizes.json")

/** The entry points that have a budget, each with the folder and the peers of its package. */
const measured = () =>
  globSync(["packages/core/package.json", "packages/adapters/*/package.json"], {
    cwd: root,
  }).flatMap((path) => {
    const { name, peerDependencies, exports } = JSON.parse(readFileSync(join(root, path), "utf8"))
    const folder = join(root, dirname(path))
    const peers = Object.keys(peerDependencies)
    return Object.keys(exports)
      .filter((entryPoint) => !entryPoint.endsWith(".json"))
      .map((entryPoint) => ({ name: join(name, entryPoint), folder, peers }))
  })

/** The size of each entry point in bytes, by name. */
export const measureSizes = async () => {
  const byName = measured().toSorted((one, other) => (one.name < other.name ? -1 : 1))
  return Object.fromEntries(
    await Promise.all(
      byName.map(async (entryPoint) => [entryPoint.name, await sizeOf(entryPoint)]),
    ),
  )
}

const sizeOf = async ({ name, folder, peers }) => {
  const { outputFiles } = await build({
    stdin: { contents: `export * from "${name}"`, resolveDir: folder },
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

/** Sentences about entry points that exceed their budget, have none, or no longer exist. */
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
