/** Measures, in a process of its own, connections that are merged and the same ones read alone. */
import { strictEqual } from "node:assert/strict"
import { createClient, createLog } from "@execlog/core"
import { dify } from "@execlog/dify"
import { interleave } from "./Interleaving.ts"
import { printSamples } from "./Samples.ts"
import { serverKey, startServer } from "./ServerProcess.ts"

const [connections, executions, repetitions] = process.argv.slice(2).map(Number)
if (connections === undefined || executions === undefined || repetitions === undefined) {
  throw new Error("It takes how many connections, executions and repetitions.")
}

await using server = await startServer(new URL("./PageServer.ts", import.meta.url), [
  String(executions),
])
const { baseUrl } = server

const clients = Array.from({ length: connections }, (_, index) =>
  createClient(dify({ apiKey: serverKey, baseUrl }), { name: `bench ${index}` }),
)

const readMerged = async (): Promise<void> => {
  let count = 0
  const last = new Map<string | null, number>()
  for await (const { execution } of createLog(clients).entries()) {
    const { connection } = execution
    const listedAt = execution.listedAt?.getTime() ?? Number.NaN
    if (!(listedAt <= (last.get(connection) ?? Number.POSITIVE_INFINITY))) {
      throw new Error("The merge changes the order of a connection.")
    }
    last.set(connection, listedAt)
    count++
  }
  strictEqual(count, connections * executions)
}

const readAlone = async (): Promise<void> => {
  let count = 0
  for (const client of clients) {
    for await (const { execution } of client.entries()) if (execution.id !== "") count++
  }
  strictEqual(count, connections * executions)
}

printSamples(
  await interleave(
    [
      { name: "alone", run: readAlone },
      { name: "merged", run: readMerged },
    ],
    repetitions,
  ),
)
