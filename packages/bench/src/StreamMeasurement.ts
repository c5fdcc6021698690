/** Measures, in a process of its own, the client's stream and a bare loop over the same pages. */
import { strictEqual } from "node:assert/strict"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { readBare } from "./BareLoop.ts"
import { type Contestant, interleave } from "./Interleaving.ts"
import { printSamples } from "./Samples.ts"
import { serverKey, startServer } from "./ServerProcess.ts"

const executions = Number(process.argv[2])
const repetitions = Number(process.argv[3])

await using server = await startServer(new URL("./PageServer.ts", import.meta.url), [
  String(executions),
])
const { baseUrl } = server

const client = createClient(dify({ apiKey: serverKey, baseUrl }), { name: "bench" })

const readStream = async (): Promise<void> => {
  let count = 0
  for await (const execution of client.executions()) if (execution.id !== "") count++
  strictEqual(count, executions)
}

const readPages = async (): Promise<void> => {
  let count = 0
  for await (const page of client.pages()) count += page.executions.length
  strictEqual(count, executions)
}

const countServed = async (): Promise<number> =>
  Number(await (await fetch(`${baseUrl}/served`)).text())

const servedTo = async ({ run }: Contestant): Promise<number> => {
  const before = await countServed()
  await run()
  return (await countServed()) - before
}

const bare = { name: "bare", run: () => readBare(baseUrl) }
const stream = { name: "stream", run: readStream }
const pages = { name: "pages", run: readPages }

const rows = await servedTo(bare)
strictEqual(await servedTo(stream), rows, "The stream and the bare loop read different pages.")
strictEqual(await servedTo(pages), rows, "The pages and the bare loop read different pages.")

const samples = await interleave([bare, stream, pages], repetitions)
printSamples(new Map([...samples, ["rows", [rows]]]))
