import type { Benchmark } from "./Benchmark.ts"
import type { Figure } from "./Figure.ts"
import { measureInProcess } from "./MeasuringProcess.ts"
import { type Samples, samplesOf } from "./Samples.ts"
import { startServer } from "./ServerProcess.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const few = 10_000
const more = 100_000
const many = 1_000_000
const repetitions = 1

const flatResident = 1.25
const flatHeap = 1.1

/** How executions are read, and by which node. */
const readings = {
  inTurn: { mode: "1", flags: [] },
  sideBySide: { mode: "8", flags: [] },
  bare: { mode: "bare", flags: [] },
  smallNursery: { mode: "1", flags: ["--max-semi-space-size=4"] },
} as const

type Reading = keyof typeof readings

/** Memory over a long stream, against a short one. */
export const memoryBench: Benchmark = {
  name: "memory",
  title: "Memory",
  repeated: "One run of each, without warming up.",
  method:
    "client.executions over HTTP from the simulator, 1,000,000 executions compared with " +
    "10,000 and with 100,000, each in a separate process. The heap is what is in use after a " +
    "forced garbage collection, the maximum of ten samples along the last tenth of the " +
    "stream. Resident is the maximum memory of the process up to then (maxRSS), without any " +
    "forced collection: it includes garbage that is not collected yet. Node grows the space " +
    "for new objects while a process works, whatever it does. Resident is therefore also " +
    "compared with the bare loop, which only fetches and parses, and measured with that space " +
    "limited to 4 MB (`--max-semi-space-size=4`). " +
    "The peak resident memory misses its aim for a reason of the runtime: it grows as much " +
    "in the bare loop. With 8 windows, pages that were read ahead are in the heap as well.",
  run: async () => {
    const heap = new Map<string, Array<number>>()
    const resident = new Map<string, Array<number>>()
    await using server = await startServer(new URL("./SimulatorServer.ts", import.meta.url), [
      String(many),
    ])
    const script = new URL("./MemoryMeasurement.ts", import.meta.url)
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const [reading, { mode, flags }] of Object.entries(readings)) {
        for (const size of [few, more, many]) {
          const parameters = [server.baseUrl, String(size), mode]
          const samples = await measureInProcess(script, parameters, flags)
          for (const [kind, measured] of [
            ["heap", heap],
            ["resident", resident],
          ] as const) {
            const key = `${reading}/${size}`
            measured.set(key, [...(measured.get(key) ?? []), ...samplesOf(samples, kind)])
          }
        }
      }
    }
    const growth = (
      what: string,
      measured: Samples,
      reading: Reading,
      [from, to, limit]: readonly [number, number, number | null],
    ) =>
      compared(
        `${what}, ${to.toLocaleString("en")} of ${from.toLocaleString("en")}`,
        samplesOf(measured, `${reading}/${to}`),
        samplesOf(measured, `${reading}/${from}`),
        limit,
      )
    return [
      growth("Heap in use", heap, "inTurn", [few, many, flatHeap]),
      growth("Heap in use", heap, "inTurn", [more, many, flatHeap]),
      growth("Heap in use with 8 windows", heap, "sideBySide", [more, many, flatHeap]),
      growth("Peak resident", resident, "inTurn", [few, many, flatResident]),
      growth("Peak resident", resident, "inTurn", [more, many, null]),
      growth("Peak resident with 8 windows", resident, "sideBySide", [more, many, null]),
      growth("Peak resident, new objects in 4 MB", resident, "smallNursery", [more, many, null]),
      growth("Peak resident of the bare loop", resident, "bare", [few, many, null]),
      compared(
        "Peak resident of 1,000,000, of the bare loop's",
        samplesOf(resident, `inTurn/${many}`),
        samplesOf(resident, `bare/${many}`),
        null,
      ),
    ]
  },
}

const compared = (
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
