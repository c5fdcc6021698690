/** Measures, in a process of its own, pages at several depths, by windows and by page numbers. */
import { strictEqual } from "node:assert/strict"
import { createClient, type Cursor } from "@execlog/core"
import { dify } from "@execlog/dify"
import { type Contestant, interleave } from "./Interleaving.ts"
import { printSamples } from "./Samples.ts"
import { serverKey, startServer } from "./ServerProcess.ts"

const executions = 110_000
const offsetCostMs = 1
const pageSize = 100
/** One request is too short a time to measure. */
const requests = 10

const [repetitions = 1, ...pages] = process.argv.slice(2).map(Number)

await using server = await startServer(new URL("./SimulatorServer.ts", import.meta.url), [
  String(executions),
  "0",
  String(offsetCostMs),
])
const { baseUrl } = server
const client = createClient(dify({ apiKey: serverKey, baseUrl }), { name: "bench" })

/** The cursor that gives each of the pages; the first has none. */
const cursors = new Map<number, Cursor | null>([[1, null]])
let place = 1
for await (const page of client.pages()) {
  place++
  if (pages.includes(place)) cursors.set(place, page.next)
  if (place > Math.max(...pages)) break
}

const readByWindows = async (cursor: Cursor | null): Promise<number> => {
  const page = await client.page({}, cursor)
  return page.executions.length
}

const readByNumber = async (page: number): Promise<number> => {
  const response = await fetch(`${baseUrl}/workflows/logs?page=${page}&limit=${pageSize}`, {
    headers: { authorization: `Bearer ${serverKey}` },
  })
  const { data }: { readonly data: ReadonlyArray<unknown> } = JSON.parse(await response.text())
  return data.length
}

const contestant = (name: string, page: number, read: () => Promise<number>): Contestant => ({
  name: `${name} ${page}`,
  run: async () => {
    for (let request = 0; request < requests; request++) {
      // A page that begins inside a tie gives that much less.
      strictEqual((await read()) > pageSize / 2, true)
    }
  },
})

const samples = await interleave(
  pages.flatMap((page) => {
    const cursor = cursors.get(page)
    if (cursor === undefined) throw new Error(`The walk has no page ${page}.`)
    return [
      contestant("windows", page, () => readByWindows(cursor)),
      contestant("numbers", page, () => readByNumber(page)),
    ]
  }),
  repetitions,
)
printSamples(new Map([...samples].map(([name, taken]) => [name, taken.map((ms) => ms / requests)])))
