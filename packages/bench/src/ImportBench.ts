import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Benchmark } from "./Benchmark.ts"
import { atMost, type Figure } from "./Figure.ts"
import { type Contestant, interleave } from "./Interleaving.ts"
import { samplesOf } from "./Samples.ts"
import { summarize, summarizeDifference, summarizeRatio } from "./Summary.ts"

const repetitions = 15
const packageFolder = fileURLToPath(new URL("..", import.meta.url))

/** The time that a program takes to import execlog. */
export const importBench: Benchmark = {
  name: "import",
  title: "Import",
  repeated: `${repetitions} pairs.`,
  method:
    "The total run time of a process that imports core and the Dify adapter and exits, " +
    "compared with one that runs an empty module. Files are in the system's cache. " +
    "The aim is missed because Node resolves and compiles 277 modules one by one: 157 of " +
    "effect, 117 of core and 3 of the adapter. A bundle has one.",
  run: async () => {
    const samples = await interleave(
      [
        node("bare", ""),
        node("core", 'import "@execlog/core"'),
        node("both", 'import "@execlog/core"; import "@execlog/dify"'),
      ],
      repetitions,
    )
    const bare = samplesOf(samples, "bare")
    const over = (label: string, name: string, limit: number | null): Figure => {
      const taken = samplesOf(samples, name)
      const summary = summarizeDifference(taken, bare)
      const ratio = summarizeRatio(taken, bare).median.toFixed(2)
      return {
        name: label,
        unit: "ms",
        summary,
        aim: limit === null ? null : atMost(summary, limit, "ms"),
        aside: `${ratio} × bare node, which takes ${summarize(bare).median.toFixed(0)} ms`,
      }
    }
    return [
      over("Core and Dify, over bare node", "both", 150),
      over("Core alone, over bare node", "core", null),
    ]
  },
}

const node = (name: string, source: string): Contestant => ({
  name,
  run: () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", source],
      { cwd: packageFolder, encoding: "utf8" },
    )
    if (status !== 0) throw new Error(`The import failed: ${stderr}`)
  },
})
