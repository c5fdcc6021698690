/** Measures, in a process of its own, a sync into SQLite and the least that does the same. */
import { strictEqual } from "node:assert/strict"
import { createHash } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { openStore } from "@execlog/store"
import { readBare } from "./BareLoop.ts"
import { openBareStore } from "./BareStore.ts"
import { interleave } from "./Interleaving.ts"
import { printSamples } from "./Samples.ts"
import { serverKey, startServer } from "./ServerProcess.ts"

const executions = Number(process.argv[2])
const repetitions = Number(process.argv[3])

await using server = await startServer(new URL("./PageServer.ts", import.meta.url), [
  String(executions),
])
const { baseUrl } = server
const client = createClient(dify({ apiKey: serverKey, baseUrl }), { name: "bench" })
const folder = await mkdtemp(join(tmpdir(), "execlog-bench-"))
let files = 0
const newFile = (): string => join(folder, `${++files}.db`)

const syncInto = async (path: string): Promise<void> => {
  const store = await openStore(path)
  const { added } = await store.sync(client)
  strictEqual(added, executions)
  await store.close()
}

const insertInto = async (path: string): Promise<void> => {
  await (await openStore(path)).close()
  const store = openBareStore(path)
  for await (const page of client.pages()) {
    store.insert(page.executions, page.requestedAt.getTime())
  }
  store.close()
}

const inNewFile = (fill: (path: string) => Promise<void>) => async (): Promise<void> => {
  const path = newFile()
  await fill(path)
  await rm(path)
}

/** How long a sync takes that finds nothing new, in milliseconds. */
const syncAgain = async (): Promise<ReadonlyArray<number>> => {
  await using simulator = await startServer(new URL("./SimulatorServer.ts", import.meta.url), [
    String(executions),
  ])
  const settings = { apiKey: serverKey, baseUrl: simulator.baseUrl }
  const store = await openStore(newFile())
  const taken: Array<number> = []
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    const start = performance.now()
    const { added } = await store.sync(createClient(dify(settings), { name: "bench" }))
    const isFirst = repetition === 0
    strictEqual(added, isFirst ? executions : 0)
    if (!isFirst) taken.push(performance.now() - start)
  }
  await store.close()
  return taken
}

/** A hash of all that is kept, but for when it was seen, and what it has been unfinished for. */
const hashOf = (path: string): string => {
  const database = new DatabaseSync(path, { readOnly: true })
  const hash = createHash("sha256")
  const rows = database.prepare("SELECT * FROM executions JOIN documents USING (key) ORDER BY key")
  for (const { observed_at: _, first_seen_at: __, stale_at: ___, ...row } of rows.iterate()) {
    hash.update(JSON.stringify(row))
  }
  database.close()
  return hash.digest("hex")
}

try {
  const [synced, inserted] = [newFile(), newFile()]
  await syncInto(synced)
  await insertInto(inserted)
  strictEqual(hashOf(synced), hashOf(inserted), "Not the same is kept.")
  const samples = await interleave(
    [
      { name: "inserted", run: inNewFile(insertInto) },
      { name: "synced", run: inNewFile(syncInto) },
      { name: "bare", run: () => readBare(baseUrl) },
    ],
    repetitions,
  )
  printSamples(new Map([...samples, ["again", await syncAgain()]]))
} finally {
  await rm(folder, { recursive: true, force: true })
}
