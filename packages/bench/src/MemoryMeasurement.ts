/** Streams so many executions in a process of its own and prints what memory that took, in MB. */
import { strictEqual } from "node:assert/strict"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { printSamples } from "./Samples.ts"
import { serverKey } from "./ServerProcess.ts"

const [, , baseUrl = "", executions] = process.argv
const limit = Number(executions)
const sampledFrom = limit * 0.9
const sampledEvery = limit / 100
const megabyte = 1024 * 1024

const client = createClient(dify({ apiKey: serverKey, baseUrl }), { name: "bench" })
let count = 0
let heap = 0
let resident = 0
for await (const execution of client.executions({}, { limit })) {
  if (execution.id !== "") count++
  if (count < sampledFrom || count % sampledEvery !== 0) continue
  // Read before the first forced collection, which lets a process do with less than it would take.
  if (heap === 0) resident = process.resourceUsage().maxRSS / 1024
  globalThis.gc?.()
  heap = Math.max(heap, process.memoryUsage().heapUsed / megabyte)
}
strictEqual(count, limit)

printSamples(
  new Map([
    ["heap", [heap]],
    ["resident", [resident]],
  ]),
)
