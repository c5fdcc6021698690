import type { Benchmark } from "./Benchmark.ts"
import type { Figure } from "./Figure.ts"
import { measureInProcess } from "./MeasuringProcess.ts"
import { samplesOf } from "./Samples.ts"
import { startServer } from "./ServerProcess.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const sizes = { few: 10_000, more: 100_000, many: 1_000_000 } as const
const repetitions = 2

const flatResident = 1.25
const flatHeap = 1.1

/** Memory over a long stream, against a short one. */
export const memoryBench: Benchmark = {
  name: "memory",
  title: "Memory",
  method:
    "client.executions over HTTP from the simulator, 1,000,000 executions against 10,000, each in " +
    "a process of its own. The heap is what is in use after a forced garbage collection, the most " +
    "of ten samples along the last tenth of the stream. Resident is the most memory that the " +
    "system gave the process until then (maxRSS), without any forced collection. It counts code " +
    "and garbage that is not collected yet, and rises until the collector has found its pace, " +
    "which 10,000 executions are too few for: hence the comparison with 100,000.",
  run: async () => {
    const resident: Measured = { few: [], more: [], many: [] }
    const heap: Measured = { few: [], more: [], many: [] }
    await using server = await startServer(new URL("./SimulatorServer.ts", import.meta.url), [
      String(sizes.many),
    ])
    const script = new URL("./MemoryMeasurement.ts", import.meta.url)
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const size of ["few", "more", "many"] as const) {
        const samples = await measureInProcess(script, [server.baseUrl, String(sizes[size])])
        resident[size].push(...samplesOf(samples, "resident"))
        heap[size].push(...samplesOf(samples, "heap"))
      }
    }
    return [
      growth("Heap in use, 1,000,000 of 10,000", heap.many, heap.few, flatHeap),
      growth("Heap in use, 1,000,000 of 100,000", heap.many, heap.more, null),
      growth("Peak resident, 1,000,000 of 10,000", resident.many, resident.few, flatResident),
      growth("Peak resident, 1,000,000 of 100,000", resident.many, resident.more, null),
    ]
  },
}

/** Megabytes, by how many executions were streamed. */
type Measured = { readonly [size in keyof typeof sizes]: Array<number> }

const growth = (
  name: string,
  samples: ReadonlyArray<number>,
  against: ReadonlyArray<number>,
  limit: number | null,
): Figure => {
  const summary = summarizeRatio(samples, against)
  const megabytes = (taken: ReadonlyArray<number>) => `${summarize(taken).median.toFixed(0)} MB`
  return {
    name,
    unit: "×",
    summary,
    aim:
      limit === null
        ? null
        : { text: `flat (≤ ${limit.toFixed(2)} ×)`, isMet: summary.median <= limit },
    aside: `${megabytes(samples)} against ${megabytes(against)}`,
  }
}
