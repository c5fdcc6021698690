// pnpm mutate: changes the sources of each adapter in one place after another, and tells which
// changes no test of it notices. `pnpm mutate dify` does so for one, and leaves what docs/mutation.md
// says of the others.
import { readFileSync, writeFileSync } from "node:fs"
import { Stryker } from "@stryker-mutator/core"
import { composeMutationPage, mutationPagePath, scoreOf } from "./docs/mutation-page.mjs"
import { adapterNames } from "./lib/adapter-names.mjs"

const chosen = process.argv.slice(2)
const adapters = adapterNames.filter((name) => chosen.length === 0 || chosen.includes(name))
const unknown = chosen.filter((name) => !adapters.includes(name))
if (unknown.length > 0) throw new Error(`There is no adapter ${unknown.join(", ")}.`)

/** @type {Map<string, Awaited<ReturnType<Stryker["runMutationTest"]>>>} */
const mutants = new Map()
for (const name of adapters) {
  // The tests run in processes of Stryker's, which read it in vitest.config.mjs.
  process.env["EXECLOG_MUTATED"] = name
  const stryker = new Stryker({
    testRunner: "vitest",
    plugins: [import.meta.resolve("@stryker-mutator/vitest-runner")],
    vitest: { configFile: "scripts/mutation/vitest.config.mjs", related: false },
    mutate: [`packages/adapters/${name}/src/**/*.ts`],
    // Other packages are found by their names, as they were built.
    ignorePatterns: [
      "**",
      "!package.json",
      "!scripts/mutation/**",
      `!fixtures/${name}/**`,
      `!packages/adapters/${name}/package.json`,
      `!packages/adapters/${name}/{src,test}/**`,
    ],
    coverageAnalysis: "perTest",
    reporters: ["progress-append-only"],
    cleanTempDir: "always",
    // A test that is slow over one mutant because others run beside it has not found it.
    timeoutMS: 60_000,
  })
  mutants.set(name, await stryker.runMutationTest())
}

const before = readFileSync(mutationPagePath, "utf8")
writeFileSync(mutationPagePath, composeMutationPage(before, mutants))
console.log(`Wrote ${mutationPagePath}`)
for (const [name, results] of mutants) console.log(`${name}: ${scoreOf(results).toFixed(1)} %`)
