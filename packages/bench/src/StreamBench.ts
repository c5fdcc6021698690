import type { Benchmark } from "./Benchmark.ts"
import { atMost, type Figure } from "./Figure.ts"
import { measureInProcess } from "./MeasuringProcess.ts"
import { samplesOf } from "./Samples.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const executions = 100_000
const repetitions = 21

/** The client's streams over HTTP, against a loop that only fetches and parses. */
export const streamBench: Benchmark = {
  name: "stream",
  title: "Stream over HTTP",
  repeated: `${repetitions} pairs.`,
  method:
    "100,000 executions from a server on loopback in a separate process, which serves " +
    "prepared pages. The bare loop calls fetch and JSON.parse and does nothing with the rows. " +
    "Both walk by time windows of 100 rows and read equal pages, which is checked by the " +
    "number of rows served. Time is wall-clock time; the client fetches the next page while " +
    "it maps one, which the bare loop does not. Processor time includes all threads of the " +
    "reading process. " +
    "The aim is missed because the client decodes and maps each row, as in “Decode and " +
    "map”, which the bare loop does not; fetching the next page meanwhile hides only a part " +
    "of it.",
  run: async () => {
    const script = new URL("./StreamMeasurement.ts", import.meta.url)
    const samples = await measureInProcess(script, [String(executions), String(repetitions)])
    const figure = (label: string, name: string, against: string, aim: number | null): Figure => {
      const summary = summarizeRatio(samplesOf(samples, name), samplesOf(samples, against))
      const milliseconds = ({ median }: { readonly median: number }) => `${median.toFixed(0)} ms`
      return {
        name: label,
        unit: "×",
        summary,
        aim: aim === null ? null : atMost(summary, aim, "×"),
        aside:
          `${milliseconds(summarize(samplesOf(samples, name)))} against ` +
          milliseconds(summarize(samplesOf(samples, against))),
      }
    }
    return [
      figure("client.executions, of the bare loop", "stream", "bare", 1.15),
      figure("client.pages, of the bare loop", "pages", "bare", null),
      figure("Processor time of client.executions", "stream/processor", "bare/processor", null),
      figure("Processor time of client.pages", "pages/processor", "bare/processor", null),
    ]
  },
}
