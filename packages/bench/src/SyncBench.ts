import type { Benchmark } from "./Benchmark.ts"
import { atMost, type Figure } from "./Figure.ts"
import { measureInProcess } from "./MeasuringProcess.ts"
import { samplesOf } from "./Samples.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const executions = 100_000
const repetitions = 7

/** A sync into SQLite, against the least that keeps the same. */
export const syncBench: Benchmark = {
  name: "sync",
  title: "Sync into SQLite",
  repeated: `${repetitions} pairs; the second sync is made ${repetitions} times.`,
  method:
    "100,000 executions from the page server of the stream's benchmark into a new file. Bare " +
    "inserts read the same pages by client.pages and insert the same rows into the same " +
    "tables, which is checked by a hash, with two prepared statements and one transaction per " +
    "page; they query nothing first, and save no position. The bare loop only fetches and " +
    "parses. The second sync finds nothing new, in a store of as many executions from the " +
    "simulator.",
  run: async () => {
    const script = new URL("./SyncMeasurement.ts", import.meta.url)
    const samples = await measureInProcess(script, [String(executions), String(repetitions)])
    const milliseconds = (name: string) =>
      `${summarize(samplesOf(samples, name)).median.toFixed(0)} ms`
    const figure = (label: string, name: string, against: string, aim: number | null): Figure => {
      const summary = summarizeRatio(samplesOf(samples, name), samplesOf(samples, against))
      return {
        name: label,
        unit: "×",
        summary,
        aim: aim === null ? null : atMost(summary, aim, "×"),
        aside: `${milliseconds(name)} against ${milliseconds(against)}`,
      }
    }
    const again = summarize(samplesOf(samples, "again"))
    return [
      figure("Sync, of reading and bare inserts", "synced", "inserted", 1.5),
      figure(
        "Processor time of a sync, of the same",
        "synced/processor",
        "inserted/processor",
        null,
      ),
      figure("Sync, of the bare loop", "synced", "bare", null),
      {
        name: "Second sync, with nothing new",
        unit: "ms",
        summary: again,
        aim: atMost(again, 1000, "ms"),
        aside: "",
      },
    ]
  },
}
