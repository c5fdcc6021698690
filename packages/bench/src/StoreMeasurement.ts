/** Asks a store that is there in a process of its own, and prints what that took. */
import { strictEqual } from "node:assert/strict"
import { makeStatistics } from "@execlog/core/statistics"
import { openStore } from "@execlog/store"
import { printSamples } from "./Samples.ts"

const [, , path = "", what = "", count = ""] = process.argv
const store = await openStore(path, { access: "read" })
const megabyte = 1024 * 1024

const countFailed = async (): Promise<number> => {
  let found = 0
  for await (const { status } of store.executions({ status: ["failed"] }, { limit: 50 })) {
    if (status === "failed") found++
  }
  return found
}

let heap = 0
const sampleHeap = (): void => {
  globalThis.gc?.()
  heap = Math.max(heap, process.memoryUsage().heapUsed / megabyte)
}

const readAll = async (): Promise<number> => {
  let read = 0
  for await (const { id } of store.executions()) {
    if (id !== "") read++
    if (read % (Number(count) / 10) === 0) sampleHeap()
  }
  return read
}

const countAll = async (): Promise<number> => {
  const statistics = makeStatistics([])
  let read = 0
  for await (const rows of store.statisticRows()) {
    for (const row of rows) statistics.add(row)
    read += rows.length
  }
  statistics.summary()
  return read
}

const before = process.cpuUsage()
const start = performance.now()
if (what === "failed") strictEqual(await countFailed(), 50)
else strictEqual(await (what === "all" ? readAll() : countAll()), Number(count))
const elapsed = performance.now() - start
const { user, system } = process.cpuUsage(before)
const resident = process.resourceUsage().maxRSS / 1024
await store.close()
printSamples(
  new Map([
    ["elapsed", [elapsed]],
    ["processor", [(user + system) / 1000]],
    ["resident", [resident]],
    ["heap", [heap]],
  ]),
)
