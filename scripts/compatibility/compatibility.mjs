// The newest core with the adapters of the release before, and the other way round: what somebody
// has who upgrades one of them. And adapters that bring a core and an effect of their own.

import { existsSync } from "node:fs"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expectThat, note } from "../release/checks.mjs"
import { install, tryInstall } from "../release/consumer.mjs"
import { readTree } from "../release/installed-tree.mjs"
import { expectRead, read } from "../release/reading.mjs"

/**
 * @typedef {object} Side
 * @property {string} name
 * @property {import("./previous-packages.mjs").Packages} packages
 */

/**
 * @param {object} given
 * @param {ReturnType<typeof import("../release/checks.mjs").makeChecks>["check"]} given.check
 * @param {ReturnType<typeof import("../release/consumer.mjs").makeConsumers>} given.consumer
 * @param {readonly import("../release/providers.mjs").Served[]} given.served
 * @param {import("../release/runtimes.mjs").Runtime} given.runtime
 * @param {Side} given.newest
 * @param {Side} given.previous
 */
export const checkCompatibility = async (given) => {
  const { newest, previous } = given
  await checkShared(given, newest, previous)
  await checkShared(given, previous, newest)
  await checkOwnCopy(given, newest, previous)
  await checkOwnCopy(given, previous, newest)
}

const titleOf = (core, adapters) =>
  `the ${core.name} core ${versionOf(core)} and the ${adapters.name} adapters`

/** One core for all: what npm gives when the adapter's range admits the core. */
const checkShared = async ({ check, consumer, served, runtime }, core, adapters) => {
  const at = await consumer(`${core.name}-core-${adapters.name}-adapters`, "npm")
  const known = served.filter(({ packageName }) => adapters.packages.has(packageName))
  const wanted = ["@execlog/core", ...known.map(({ packageName }) => packageName)]
  const specs = wanted.map((name) => specOf(name === "@execlog/core" ? core : adapters, name))
  const admitted = await check(`${titleOf(core, adapters)} install, or npm rejects`, async () => {
    const { code, stdout, stderr } = await tryInstall(at, [...specs, "effect"])
    if (code === 0) return true
    expectThat(stderr.includes("ERESOLVE"), stdout + stderr)
    expectThat(
      !isUpgrade(adapters, core),
      `npm rejects core ${versionOf(core)} beside adapters made for ${versionOf(adapters)}, which it is to fit by its version:\n${stderr}`,
    )
    note(`npm rejects them: the adapters' range does not admit core ${versionOf(core)}`)
    return false
  })
  if (admitted !== true) return
  for (const provider of known) {
    await check(`  and read ${provider.id}`, async () =>
      expectRead(provider, await read(at, runtime, provider)),
    )
  }
}

/** Each adapter with the core that it was made for, below one that the program has. */
const checkOwnCopy = async ({ check, consumer, served, runtime }, core, adapters) => {
  const title = `${titleOf(core, adapters)}, which have a core of their own`
  const at = await consumer(`${core.name}-core-own-copy`, "npm")
  const known = served.filter(({ packageName }) => adapters.packages.has(packageName))
  const own = { ...at, folder: join(at.folder, "plugin") }
  const ready = await check(`${title} install`, async () => {
    await install(at, [specOf(core, "@execlog/core"), "effect"])
    await mkdir(own.folder)
    await writeFile(join(own.folder, "package.json"), '{ "private": true, "type": "module" }\n')
    const wanted = ["@execlog/core", ...known.map(({ packageName }) => packageName)]
    await install(own, [...wanted.map((name) => specOf(adapters, name)), "effect"])
    for (const { id, packageName } of known) {
      await writeFile(join(own.folder, `${id}.js`), `export { default } from "${packageName}"\n`)
    }
    const { packages } = await readTree(at.folder)
    for (const name of ["@execlog/core", "effect"]) {
      const copies = packages.filter((found) => found.name === name).length
      expectThat(copies === 2, `There are ${copies} copies of ${name}, and not two.`)
    }
    return true
  })
  if (ready === undefined) return
  const speaks = await contractOf(join(at.folder, "node_modules"))
  const spoken = await contractOf(join(own.folder, "node_modules"))
  for (const provider of known) {
    const from = `./plugin/${provider.id}.js`
    if (speaks === spoken) {
      await check(`  and read ${provider.id}`, () =>
        within(advice, async () => expectRead(provider, await read(at, runtime, provider, from))),
      )
    } else {
      await check(`  and core says why it does not read ${provider.id}`, async () => {
        expectThat(
          !isUpgrade(adapters, core) && !isUpgrade(core, adapters),
          `The adapter contract went from ${spoken} to ${speaks} without a new major of core.`,
        )
        expectRejection(await read(at, runtime, provider, from), spoken, speaks)
      })
    }
  }
  const [provider] = known
  if (provider === undefined) return
  const later = Math.max(speaks, spoken) + 1
  await check(
    `  and core rejects version ${later} of the adapter contract with words`,
    async () => {
      await setContract(join(own.folder, "node_modules"), later)
      const outcome = await read(at, runtime, provider, `./plugin/${provider.id}.js`)
      expectRejection(outcome, later, speaks)
    },
  )
}

const advice =
  "If the adapter contract has changed, give it a new contractVersion in Connection.ts, and core a new major."

/** The advice for the author of a change that fails here. */
const within = (text, body) =>
  body().catch((cause) => {
    throw new Error(`${cause.message}\n${text}`, { cause })
  })

const expectRejection = ({ rejected }, spoken, speaks) => {
  expectThat(
    rejected?.reason === "InvalidSettings",
    `It was not rejected: ${JSON.stringify(rejected)}`,
  )
  const says = `version ${spoken} of the adapter contract, and this @execlog/core uses version ${speaks}`
  expectThat(rejected.message.includes(says), rejected.message)
}

const specOf = ({ packages }, name) => {
  const found = packages.get(name)
  if (found === undefined) throw new Error(`There is no ${name}.`)
  return found.spec
}

const versionOf = ({ packages }) => packages.get("@execlog/core")?.version ?? "0.0.0"

/** Whether a range like ^from admits the other side's core. */
const isUpgrade = (from, to) => {
  const [old = [], next = []] = [from, to].map((side) => versionOf(side).split(".").map(Number))
  const breaking = old.findIndex((part) => part !== 0)
  const same = old.slice(0, breaking + 1).every((part, index) => part === next[index])
  const difference = old.map((part, index) => (next[index] ?? 0) - part).find((part) => part !== 0)
  return same && (difference ?? 0) >= 0
}

/** Earlier versions have all of core in one folder. */
const contractFile = (modules) => {
  const dist = join(modules, "@execlog/core/dist")
  const folder = join(dist, "adapter")
  return join(existsSync(folder) ? folder : dist, "Connection.js")
}
const contractLine = /export const contractVersion = (\d+)/

const contractOf = async (modules) => {
  const [, version] = contractLine.exec(await readFile(contractFile(modules), "utf8")) ?? []
  expectThat(version !== undefined, "Core does not say which version of the contract it speaks.")
  return Number(version)
}

/** Makes an installed core one of another time. */
const setContract = async (modules, version) => {
  const file = contractFile(modules)
  const text = await readFile(file, "utf8")
  await writeFile(file, text.replace(contractLine, `export const contractVersion = ${version}`))
}
