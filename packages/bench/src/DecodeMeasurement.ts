/** Measures, in a process of its own, the ways from a page's text to Executions. */
import { deepStrictEqual, strictEqual } from "node:assert/strict"
import type { Execution } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import { makeExecutions, Transport } from "@execlog/core/effect"
import { checkQuery } from "@execlog/core/unstable"
import { dify } from "@execlog/dify"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { difyRows } from "./DifyRows.ts"
import { toExecution } from "./DirectMapping.ts"
import { type Contestant, interleave } from "./Interleaving.ts"
import { printSamples } from "./Samples.ts"
import { readWithValibot } from "./ValibotReader.ts"
import { type CheckedRow, readWithZod } from "./ZodReader.ts"

const executions = Number(process.argv[2])
const repetitions = Number(process.argv[3])
const pageSize = 100
const name = "bench"

const rows = await difyRows(executions)
const texts: Array<string> = []
for (let from = 0; from < rows.length; from += pageSize) {
  const data = rows.slice(from, from + pageSize)
  const has_more = from + pageSize < rows.length
  texts.push(
    JSON.stringify({ page: 1, limit: pageSize, total: rows.length - from, has_more, data }),
  )
}

const connection: Connection = dify({ apiKey: "app-key", baseUrl: "http://127.0.0.1:1/v1" })
const query = checkQuery({}, 0)

type Page = ReadonlyArray<unknown>

const parse = (text: string): unknown => JSON.parse(text)

const readWithEndpoint = (text: string): Page => {
  const { list } = connection
  const page = list.page(parse(text))
  if (!page.ok) throw new Error(page.reason)
  const drafts: Array<unknown> = []
  for (const raw of page.value.items) {
    const read = list.item(raw)
    if (read.ok) drafts.push(list.execution(read.item, query, {}))
  }
  return drafts
}

const readThroughCore = async (take: (page: ReadonlyArray<Execution>) => void): Promise<void> => {
  let next = 0
  const exchange = () =>
    Effect.sync(() => ({ status: 200, headers: {}, body: texts[next++] ?? "{}" }))
  await makeExecutions(connection, { name })
    .pages()
    .pipe(
      Stream.runForEach((page) => Effect.sync(() => take(page.executions))),
      Effect.provideService(Transport, { exchange }),
      Effect.runPromise,
    )
}

const map = (checked: ReadonlyArray<CheckedRow>): Page =>
  checked.map((row) => toExecution(row, name))

const unchecked = (text: string): ReadonlyArray<CheckedRow> => {
  const page: { readonly data: ReadonlyArray<CheckedRow> } = JSON.parse(text)
  return page.data
}

/** Reads all pages, keeping one page at a time as a stream's consumer would. */
const overPages = (contestant: string, read: (text: string) => Page): Contestant => ({
  name: contestant,
  run: () => {
    let count = 0
    for (const text of texts) count += read(text).length
    strictEqual(count, executions)
  },
})

const core: Contestant = {
  name: "core",
  run: async () => {
    let count = 0
    await readThroughCore((page) => {
      count += page.length
    })
    strictEqual(count, executions)
  },
}

let compared = 0
await readThroughCore((page) => {
  const text = texts[compared++] ?? ""
  if (compared > 20) return
  deepStrictEqual(map(unchecked(text)), page)
  deepStrictEqual(map(readWithZod(parse(text))), page)
  deepStrictEqual(map(readWithValibot(parse(text))), page)
})

printSamples(
  await interleave(
    [
      {
        name: "parse",
        run: () => {
          for (const text of texts) parse(text)
        },
      },
      overPages("unchecked", (text) => map(unchecked(text))),
      overPages("endpoint", readWithEndpoint),
      core,
      overPages("zod", (text) => map(readWithZod(parse(text)))),
      overPages("valibot", (text) => map(readWithValibot(parse(text)))),
    ],
    repetitions,
  ),
)
