import type { Benchmark } from "./Benchmark.ts"
import { atMost, type Figure } from "./Figure.ts"
import { measureInProcess } from "./MeasuringProcess.ts"
import { samplesOf } from "./Samples.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const pages = [1, 100, 1000] as const
const repetitions = 7
const flat = 1.25

/** The cost of a page deep in the log, compared with the first. */
export const depthBench: Benchmark = {
  name: "depth",
  title: "Deep pages",
  repeated: `${repetitions} pairs.`,
  method:
    "Pages 1, 100 and 1,000 of a Dify log of 110,000 executions, 100 per page, over HTTP from " +
    "the simulator, which takes 1 ms per 1,000 skipped rows, as a database does. The walk by " +
    "time windows requests a page by client.page with the cursor of the previous page. The " +
    "naive loop requests page=N with fetch and JSON.parse.",
  run: async () => {
    const script = new URL("./DepthMeasurement.ts", import.meta.url)
    const samples = await measureInProcess(script, [String(repetitions), ...pages.map(String)])
    const milliseconds = (name: string) =>
      `${summarize(samplesOf(samples, name)).median.toFixed(1)} ms`
    const figure = (label: string, reader: string, page: number, aim: number | null): Figure => {
      const first = `${reader} ${pages[0]}`
      const summary = summarizeRatio(
        samplesOf(samples, `${reader} ${page}`),
        samplesOf(samples, first),
      )
      return {
        name: `${label}, page ${page.toLocaleString("en")} of page 1`,
        unit: "×",
        summary,
        aim: aim === null ? null : atMost(summary, aim, "×"),
        aside: `${milliseconds(`${reader} ${page}`)} against ${milliseconds(first)}`,
      }
    }
    return [
      figure("By windows", "windows", 100, flat),
      figure("By windows", "windows", 1000, flat),
      figure("By page numbers", "numbers", 100, null),
      figure("By page numbers", "numbers", 1000, null),
    ]
  },
}
