// npm run release:dry: the whole release, to a registry on loopback that is thrown away, and what
// those who install it then have. --write records what installs weigh; --previous=COMMIT compares
// with the core and the adapters of that commit.

import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { checkCompatibility } from "./compatibility/compatibility.mjs"
import { previousCommit } from "./compatibility/previous-commit.mjs"
import { packCommit, packCompared } from "./compatibility/previous-packages.mjs"
import { expectThat, makeChecks, note } from "./release/checks.mjs"
import { checkCommandLine } from "./release/command-line.mjs"
import { endPrograms, succeed } from "./release/commands.mjs"
import { makeConsumers } from "./release/consumer.mjs"
import { budgetsFor, overBudget, readBudgets, writeBudgets } from "./release/install-budget.mjs"
import { checkLibrary } from "./release/library.mjs"
import { checkNewAdapter } from "./release/new-adapter.mjs"
import { serveProviders } from "./release/providers.mjs"
import { installVerdaccio, startRegistry } from "./release/registry.mjs"
import {
  publishedManifest,
  publishPackages,
  toPublish,
  versionPackages,
  workspaceRanges,
} from "./release/releasing.mjs"
import { copyRepository, root } from "./release/repository-copy.mjs"
import { findRuntimes } from "./release/runtimes.mjs"
import { checkTypes } from "./release/types.mjs"

const { values: flags } = parseArgs({
  options: { write: { type: "boolean", default: false }, previous: { type: "string" } },
})
const { check, count } = makeChecks()
const place = await mkdtemp(join(tmpdir(), "execlog-release-"))
/** @type {Array<() => Promise<void>>} */
const stops = [() => rm(place, { recursive: true, force: true, maxRetries: 3 })]
const stop = async () => {
  while (stops.length > 0) await stops.pop()?.()
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    endPrograms()
    void stop().finally(() => process.exit(1))
  })
}

/** Steps that depend on a failed one are skipped. */
const required = (value) => {
  if (value === undefined) throw new Error("The rest cannot be tried without that.")
  return value
}

const dryRun = async () => {
  const { env } = process
  const copy = join(place, "repository")
  const verdaccio = join(place, "verdaccio")
  const uplink = (await succeed("npm", ["config", "get", "registry"], { cwd: root, env })).trim()
  const [packages, { runtimes, missing }] = await Promise.all([
    check("every package has a version, by the changesets that wait", async () => {
      await copyRepository(copy)
      return versionPackages(copy, env)
    }).then(required),
    findRuntimes(),
    installVerdaccio(verdaccio),
  ])
  for (const { name, reason } of missing) note(`${name} is not tried: ${reason}`)
  await check("everything builds", () => succeed("pnpm", ["build"], { cwd: copy, env })).then(
    required,
  )
  const names = packages.map(({ name }) => name)
  const registry = await startRegistry(verdaccio, uplink, names)
  stops.push(registry.stop)
  await check(`${packages.length} packages are packed and published`, async () => {
    await publishPackages(copy, registry, env)
    const manifests = await Promise.all(packages.map((one) => publishedManifest(registry.url, one)))
    const wrong = manifests.flatMap(workspaceRanges)
    expectThat(wrong.length === 0, wrong.join("\n"))
    return true
  }).then(required)
  await check("once published, nothing is left to publish", async () => {
    const left = await toPublish(copy, registry, env)
    expectThat(left.length === 0, `Still to be published: ${left.join(", ")}`)
  })
  for (const { name, version } of packages) note(`${name} ${version}`)

  const { served, stop: stopProviders } = await serveProviders()
  stops.push(stopProviders)
  const consumer = makeConsumers(place, registry.url)
  /** @type {Map<string, import("./release/install-budget.mjs").Weight>} */
  const weights = new Map()
  const weigh = (what, tree) => {
    const kilobytes = Math.ceil(tree.bytes / 1000)
    const before = weights.get(what) ?? { packages: 0, kilobytes: 0 }
    weights.set(what, {
      packages: Math.max(before.packages, tree.packages.length),
      kilobytes: Math.max(before.kilobytes, kilobytes),
    })
  }
  const given = { check, consumer, served, runtimes, weigh }
  await checkLibrary(given)
  await checkCommandLine(given)
  await checkBudgets(weights)
  await checkNewAdapter(given)
  await checkTypes(given)

  const commit = await previousCommit(root, flags.previous)
  const previous = await check("the packages before are packed", () =>
    commit === null ? packCompared(copy, place, env) : packCommit(commit.commit, place, env),
  ).then(required)
  note(
    `those ${commit?.why ?? "that are here: core was never released, or its history is not in this clone"}`,
  )
  const newest = new Map(
    packages.map(({ name, version }) => [name, { version, spec: `${name}@${version}` }]),
  )
  const [runtime] = runtimes
  await checkCompatibility({
    ...given,
    runtime: required(runtime),
    newest: { name: "newest", packages: newest },
    previous: { name: "previous", packages: previous },
  })
}

/** @param {Map<string, import("./release/install-budget.mjs").Weight>} weights */
const checkBudgets = async (weights) => {
  const recorded = readBudgets()
  if (flags.write) writeBudgets(budgetsFor(weights, recorded))
  const budgets = readBudgets()
  for (const [what, weight] of weights) {
    const { packages, kilobytes } = weight
    await check(`${what}: ${packages} packages, ${kilobytes} kB`, () => {
      const over = overBudget(what, weight, budgets[what])
      expectThat(over.length === 0, over.join("\n"))
    })
  }
}

try {
  await dryRun()
} catch (error) {
  count.failed++
  console.error(error instanceof Error ? error.message : error)
} finally {
  await stop()
}
console.log(`${count.passed} passed, ${count.failed} failed`)
process.exitCode = count.failed > 0 ? 1 : 0
