import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { decodeBench } from "./DecodeBench.ts"
import { depthBench } from "./DepthBench.ts"
import { importBench } from "./ImportBench.ts"
import { latencyBench } from "./LatencyBench.ts"
import { listBench } from "./ListBench.ts"
import { describeMachine } from "./Machine.ts"
import { memoryBench } from "./MemoryBench.ts"
import { mergeBench } from "./MergeBench.ts"
import { reportAsMarkdown, type Section, sectionAsText } from "./Report.ts"
import { sizeBench } from "./SizeBench.ts"
import { storeBench } from "./StoreBench.ts"
import { streamBench } from "./StreamBench.ts"
import { syncBench } from "./SyncBench.ts"

const benchmarks = [
  decodeBench,
  streamBench,
  listBench,
  latencyBench,
  mergeBench,
  depthBench,
  memoryBench,
  syncBench,
  storeBench,
  importBench,
  sizeBench,
]
const names = benchmarks.map(({ name }) => name).join(", ")
const usage = `pnpm bench [--only NAME …] [--write]

  --only NAME  measure this alone; may be repeated: ${names}
  --write      write what was measured into docs/benchmarks.md
`

const { values, positionals } = parseArgs({
  // pnpm hands on a "--" that was put before the flags.
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    only: { type: "string", multiple: true, default: [] },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
  allowPositionals: true,
})
const unheardOf = values.only.filter((only) => !benchmarks.some(({ name }) => name === only))

if (values.help) {
  process.stdout.write(usage)
} else if (unheardOf.length > 0 || positionals.length > 0) {
  process.stderr.write(usage)
  process.exitCode = 2
} else {
  const start = performance.now()
  const machine = describeMachine()
  process.stdout.write(`${machine}\n\n`)
  const sections: Array<Section> = []
  for (const benchmark of benchmarks) {
    if (values.only.length > 0 && !values.only.includes(benchmark.name)) continue
    const section = { benchmark, figures: await benchmark.run() }
    sections.push(section)
    process.stdout.write(`${sectionAsText(section)}\n`)
  }
  if (values.write) {
    const page = new URL("../../../docs/benchmarks.md", import.meta.url)
    const date = new Date().toISOString().slice(0, 10)
    const before = await readFile(page, "utf8")
    await writeFile(page, reportAsMarkdown(before, benchmarks, sections, { date, machine }))
    process.stdout.write(`Wrote ${fileURLToPath(page)}\n`)
  }
  process.stdout.write(`Measured in ${((performance.now() - start) / 1000).toFixed(0)} s\n`)
}
