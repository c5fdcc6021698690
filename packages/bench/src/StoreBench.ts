import { spawnSync } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Benchmark } from "./Benchmark.ts"
import { atMost, type Figure } from "./Figure.ts"
import { measureInProcess } from "./MeasuringProcess.ts"
import { type Samples, samplesOf } from "./Samples.ts"
import { makeStoreFile } from "./StoreFile.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const few = 100_000
const many = 1_000_000
const repetitions = 5

/** The time and memory of queries to a large store. */
export const storeBench: Benchmark = {
  name: "store",
  title: "A store of a million executions",
  repeated: `${repetitions} times.`,
  method:
    "An SQLite file of 1,000,000 executions, and one of 100,000, filled by bare inserts. Each " +
    "query runs in a separate process. Its time begins when the store is open; for the " +
    "command, it is the total run time of the process. Statistics cover all rows, without " +
    "grouping. The walk reads every execution; its heap is the maximum of ten samples after a " +
    "forced garbage collection. Resident is the maximum memory of the process.",
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), "execlog-bench-"))
    try {
      const large = join(folder, "large.db")
      const small = join(folder, "small.db")
      await makeStoreFile(large, many)
      await makeStoreFile(small, few)
      return await figuresOf(large, small)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

const figuresOf = async (large: string, small: string): Promise<ReadonlyArray<Figure>> => {
  const failed = await repeated(large, "failed", many)
  const statistics = await repeated(large, "statistics", many)
  const all = await repeated(large, "all", many)
  const fewer = await repeated(small, "all", few)
  const listed = Array.from({ length: repetitions }, () => lifeOfList(large))
  const milliseconds = (name: string, taken: ReadonlyArray<number>, aim: number | null): Figure => {
    const summary = summarize(taken)
    return {
      name,
      unit: "ms",
      summary,
      aim: aim === null ? null : atMost(summary, aim, "ms"),
      aside: "",
    }
  }
  const heap = summarizeRatio(samplesOf(all, "heap"), samplesOf(fewer, "heap"))
  const megabytes = (samples: Samples, name: string) =>
    `${summarize(samplesOf(samples, name)).median.toFixed(0)} MB`
  const processor = (samples: Samples) =>
    `${summarize(samplesOf(samples, "processor")).median.toFixed(0)} ms of processor time`
  return [
    milliseconds("The newest 50 that failed", samplesOf(failed, "elapsed"), 50),
    milliseconds("The same by the command", listed, null),
    {
      ...milliseconds("Statistics over all", samplesOf(statistics, "elapsed"), 2000),
      aside: `${processor(statistics)}, ${megabytes(statistics, "resident")} resident`,
    },
    {
      ...milliseconds("Walking all", samplesOf(all, "elapsed"), null),
      aside: `${processor(all)}, ${megabytes(all, "resident")} resident, against ${megabytes(fewer, "resident")}`,
    },
    {
      name: "Heap of walking all, 1,000,000 of 100,000",
      unit: "×",
      summary: heap,
      aim: atMost(heap, 1.1, "×"),
      aside: `${megabytes(all, "heap")} against ${megabytes(fewer, "heap")}`,
    },
  ]
}

const repeated = async (path: string, what: string, count: number): Promise<Samples> => {
  const script = new URL("./StoreMeasurement.ts", import.meta.url)
  const taken = new Map<string, Array<number>>()
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [name, samples] of await measureInProcess(script, [path, what, String(count)])) {
      taken.set(name, [...(taken.get(name) ?? []), ...samples])
    }
  }
  return taken
}

const lifeOfList = (path: string): number => {
  const program = fileURLToPath(new URL("../../cli/bin/execlog.js", import.meta.url))
  const query = ["list", "--stored", "--store", path, "--status", "failed", "--limit", "50"]
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...query], {
    encoding: "utf8",
  })
  const elapsed = performance.now() - start
  if (status !== 0 || stdout.trim().split("\n").length < 50) {
    throw new Error(`The command listed no 50 executions: ${stderr}`)
  }
  return elapsed
}
