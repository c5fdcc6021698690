import type { Benchmark } from "./Benchmark.ts"
import { atMost, type Figure } from "./Figure.ts"
import { measureInProcess } from "./MeasuringProcess.ts"
import { samplesOf } from "./Samples.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const executions = 100_000
const repetitions = 7

/** Decoding and mapping, against JSON.parse alone, zod and valibot. */
export const decodeBench: Benchmark = {
  name: "decode",
  title: "Decode and map",
  repeated: `${repetitions} pairs.`,
  method:
    "100,000 rows of Dify's log as the texts of 1000 pages, in memory. JSON.parse alone is " +
    "1.00 ×; all others include it. “Through core” is everything that core does with a page " +
    "after its arrival: it plans, checks, walks, maps, completes each Execution and writes " +
    "the cursor. “The adapter's functions” are page, item and execution of the connection, " +
    "which return drafts without core's completion. zod and valibot check the same wire " +
    "schema row by row and then map by hand, in one step, to the same Executions; “unchecked” " +
    "is that mapping without a schema. Before the measurement, the Executions are compared " +
    "for equality. " +
    "Why the aims are missed, by a profile of “through core”: JSON.parse takes a third of " +
    "the time, the adapter's guards and mapping 13 %, identifying and ordering rows 10 %, " +
    "completing and masking each Execution 17 %, effect 11 %, garbage collection 2 %. Of " +
    "the adapter's functions, JSON.parse takes two thirds, and the guards and the mapping " +
    "the rest; zod maps in one step and has no completion.",
  run: async () => {
    const script = new URL("./DecodeMeasurement.ts", import.meta.url)
    const samples = await measureInProcess(script, [String(executions), String(repetitions)])
    const against = (name: string, other: string) =>
      summarizeRatio(samplesOf(samples, name), samplesOf(samples, other))
    const figure = (label: string, name: string, aim: number | null): Figure => {
      const summary = against(name, "parse")
      const { median } = summarize(samplesOf(samples, name))
      return {
        name: label,
        unit: "×",
        summary,
        aim: aim === null ? null : atMost(summary, aim, "×"),
        aside: `${((median / executions) * 1000).toFixed(2)} µs an execution`,
      }
    }
    const ahead = (label: string, other: string, isAimed: boolean): Figure => {
      const summary = against("core", other)
      return {
        name: label,
        unit: "×",
        summary,
        aim: isAimed ? { text: "< 1.00 ×", isMet: summary.median < 1 } : null,
        aside: "",
      }
    }
    return [
      figure("Through core, of JSON.parse", "core", 1.5),
      figure("The adapter's functions, of JSON.parse", "endpoint", 1.5),
      figure("zod, of JSON.parse", "zod", null),
      figure("valibot, of JSON.parse", "valibot", null),
      figure("Unchecked, of JSON.parse", "unchecked", null),
      figure("JSON.parse alone", "parse", null),
      ahead("Through core, of zod", "zod", true),
      ahead("Through core, of valibot", "valibot", false),
    ]
  },
}
