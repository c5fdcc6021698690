import type { Benchmark } from "./Benchmark.ts"
import { measureInProcess } from "./MeasuringProcess.ts"
import { samplesOf } from "./Samples.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const connections = 8
const executions = 10_000
const repetitions = 7

/** Several connections merged by the time of their executions, against each of them read alone. */
export const mergeBench: Benchmark = {
  name: "merge",
  title: "Merge",
  repeated: `${repetitions} pairs.`,
  method:
    `${connections} connections of ${executions.toLocaleString("en")} executions each, all to the ` +
    "page server of the stream's benchmark, read to their end by client.entries: merged by " +
    "createLog(clients).entries, and one connection after the other. The histories are alike, so " +
    "that the merge switches to the next connection with every execution.",
  run: async () => {
    const script = new URL("./MergeMeasurement.ts", import.meta.url)
    const samples = await measureInProcess(script, [
      String(connections),
      String(executions),
      String(repetitions),
    ])
    const total = connections * executions
    const microseconds = (name: string) =>
      `${((summarize(samplesOf(samples, name)).median / total) * 1000).toFixed(2)} µs`
    return [
      {
        name: `${connections} merged, of each alone`,
        unit: "×",
        summary: summarizeRatio(samplesOf(samples, "merged"), samplesOf(samples, "alone")),
        aim: null,
        aside: `${microseconds("merged")} against ${microseconds("alone")} an execution`,
      },
    ]
  },
}
