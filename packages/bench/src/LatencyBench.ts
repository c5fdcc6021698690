import type { Benchmark } from "./Benchmark.ts"
import { atLeast, type Figure } from "./Figure.ts"
import { measureInProcess } from "./MeasuringProcess.ts"
import { samplesOf } from "./Samples.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const executions = 20_000
const repetitions = 3
const latencyMs = 20

/** The client's streams over a line with latency, in turn and with windows side by side. */
export const latencyBench: Benchmark = {
  name: "latency",
  title: "A server that takes 20 ms to answer",
  repeated: `${repetitions} pairs.`,
  method:
    "20,000 executions from the simulator in a separate process, which answers each request " +
    "after 20 ms. The bare loop requests one page after the other. The client's stream is " +
    "read with 1, 2, 4 and 8 parallel windows (`parallelWindows`); the order of the listing " +
    "and the number of executions are checked. The figure is the speed-up over the bare loop.",
  run: async () => {
    const script = new URL("./LatencyMeasurement.ts", import.meta.url)
    const parameters = [executions, repetitions, latencyMs].map(String)
    const samples = await measureInProcess(script, parameters)
    const figure = (label: string, name: string, aim: number | null): Figure => {
      const summary = summarizeRatio(samplesOf(samples, "bare"), samplesOf(samples, name))
      const milliseconds = (of: string) =>
        `${summarize(samplesOf(samples, of)).median.toFixed(0)} ms`
      return {
        name: label,
        unit: "×",
        summary,
        aim: aim === null ? null : atLeast(summary, aim, "×"),
        aside: `${milliseconds(name)} against ${milliseconds("bare")}`,
      }
    }
    return [
      figure("client.executions, in turn", "1", null),
      figure("2 windows side by side", "2", null),
      figure("4 windows side by side", "4", null),
      figure("8 windows side by side", "8", 5),
    ]
  },
}
