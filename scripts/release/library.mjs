// Core and one adapter, in an empty folder, as the README of each adapter says.

import { join } from "node:path"
import { expectThat } from "./checks.mjs"
import { install } from "./consumer.mjs"
import { readTree } from "./installed-tree.mjs"
import { expectRead, read } from "./reading.mjs"

/** Throws unless what was installed of ours is this, and each of it and effect once. */
export const expectOnly = (packages, ours) => {
  const found = packages
    .map(({ name }) => name)
    .filter((name) => name === "effect" || name.includes("execlog"))
    .toSorted((a, b) => a.localeCompare(b))
  const wanted = [...ours, "effect"].toSorted((a, b) => a.localeCompare(b))
  expectThat(
    JSON.stringify(found) === JSON.stringify(wanted),
    `Of ours and effect, ${found.join(", ")} were installed, and not ${wanted.join(", ")}.`,
  )
}

/**
 * Installs core with each adapter, looks at what came, and reads with it on every runtime.
 * @param {object} given
 * @param {ReturnType<typeof import("./checks.mjs").makeChecks>["check"]} given.check
 * @param {ReturnType<typeof import("./consumer.mjs").makeConsumers>} given.consumer
 * @param {readonly import("./providers.mjs").Served[]} given.served
 * @param {readonly import("./runtimes.mjs").Runtime[]} given.runtimes
 * @param {(what: string, tree: { packages: unknown[], bytes: number }) => void} given.weigh
 */
export const checkLibrary = async ({ check, consumer, served, runtimes, weigh }) => {
  for (const provider of served) {
    const wanted = ["@execlog/core", provider.packageName, "effect"]
    for (const manager of /** @type {const} */ (["npm", "pnpm"])) {
      const at = await consumer(`${manager}-${provider.id}`, manager)
      const installed = await check(`${manager} installs ${wanted.join(" ")}`, async () => {
        await install(at, wanted)
        return true
      })
      if (installed === undefined) continue
      await check("  nothing else of ours is there, and effect once", async () => {
        const tree = await readTree(join(at.folder, "node_modules"))
        expectOnly(tree.packages, ["@execlog/core", provider.packageName])
        weigh(wanted.join(" "), tree)
      })
      await Promise.all(
        runtimes.map((runtime) =>
          check(`  reads ${provider.id} on ${runtime.name}`, async () =>
            expectRead(provider, await read(at, runtime, provider)),
          ),
        ),
      )
    }
  }
}
