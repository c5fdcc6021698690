/** Measures, in a process of its own, ways of reading a server that takes its time to answer. */
import { strictEqual } from "node:assert/strict"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { readBare } from "./BareLoop.ts"
import { interleave } from "./Interleaving.ts"
import { printSamples } from "./Samples.ts"
import { serverKey, startServer } from "./ServerProcess.ts"

const [, , executions = "", repetitions, latencyMs = ""] = process.argv

await using server = await startServer(new URL("./SimulatorServer.ts", import.meta.url), [
  executions,
  latencyMs,
])
const { baseUrl } = server
const client = createClient(dify({ apiKey: serverKey, baseUrl }), { name: "bench" })

const readStream = async (parallelWindows: number): Promise<void> => {
  let count = 0
  let listedAt = Number.POSITIVE_INFINITY
  for await (const execution of client.executions({}, { parallelWindows })) {
    const at = execution.listedAt?.getTime() ?? 0
    if (at > listedAt) throw new Error("The order of the listing was not kept.")
    listedAt = at
    count++
  }
  strictEqual(count, Number(executions))
}

const samples = await interleave(
  [
    { name: "bare", run: () => readBare(baseUrl) },
    ...[1, 2, 4, 8].map((windows) => ({ name: `${windows}`, run: () => readStream(windows) })),
  ],
  Number(repetitions),
)
printSamples(samples)
