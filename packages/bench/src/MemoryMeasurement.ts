/** Reads so many executions in a process of its own and prints what memory that took, in MB. */
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { readBare } from "./BareLoop.ts"
import { printSamples } from "./Samples.ts"
import { serverKey } from "./ServerProcess.ts"

const [, , baseUrl = "", executions, mode = ""] = process.argv
const limit = Number(executions)
const sampledFrom = limit * 0.9
const sampledEvery = limit / 100
const megabyte = 1024 * 1024

let count = 0
let sampled = sampledFrom
let heap = 0
let resident = 0

const add = (more: number): boolean => {
  count += more
  if (count >= sampled) {
    sampled += sampledEvery
    // Read before the first forced collection, which lets a process do with less than it would take.
    if (heap === 0) resident = process.resourceUsage().maxRSS / 1024
    globalThis.gc?.()
    heap = Math.max(heap, process.memoryUsage().heapUsed / megabyte)
  }
  return count < limit
}

if (mode === "bare") await readBare(baseUrl, ({ length }) => add(length))
else {
  const client = createClient(dify({ apiKey: serverKey, baseUrl }), { name: "bench" })
  const options = { limit, parallelWindows: Number(mode) }
  for await (const execution of client.executions({}, options)) add(execution.id === "" ? 0 : 1)
}
if (count < limit) throw new Error(`${count} executions were read, of ${limit}.`)

printSamples(
  new Map([
    ["heap", [heap]],
    ["resident", [resident]],
  ]),
)
