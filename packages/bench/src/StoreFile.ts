import { createClient, type Execution } from "@execlog/core"
import { dify } from "@execlog/dify"
import { openStore } from "@execlog/store"
import { openBareStore } from "./BareStore.ts"
import { serverKey, startServer } from "./ServerProcess.ts"

const seeds = 10_000
const inTransaction = 1000

/** Makes a store of so many executions: as many as need be of those of a simulator, each with an id of its own, further back. */
export const makeStoreFile = async (path: string, executions: number): Promise<void> => {
  await (await openStore(path)).close()
  const made = await readSeeds()
  const span = spanOf(made)
  const store = openBareStore(path)
  for (let from = 0; from < executions; from += inTransaction) {
    const length = Math.min(inTransaction, executions - from)
    const batch = Array.from({ length }, (_, index) => furtherBack(made, from + index, span))
    store.insert(batch, Date.now())
  }
  store.close()
}

const readSeeds = async (): Promise<ReadonlyArray<Execution>> => {
  await using server = await startServer(new URL("./PageServer.ts", import.meta.url), [
    String(seeds),
  ])
  const client = createClient(dify({ apiKey: serverKey, baseUrl: server.baseUrl }))
  const executions: Array<Execution> = []
  for await (const execution of client.executions()) executions.push(execution)
  return executions
}

const spanOf = (made: ReadonlyArray<Execution>): number =>
  Number(made.at(0)?.listedAt) - Number(made.at(-1)?.listedAt) + 1000

const furtherBack = (made: ReadonlyArray<Execution>, place: number, span: number): Execution => {
  const execution = made[place % made.length]
  if (execution === undefined) throw new Error("There are no executions to begin with.")
  const round = Math.floor(place / made.length)
  const earlier = (instant: Date | null) =>
    instant === null ? null : new Date(instant.getTime() - round * span)
  return {
    ...execution,
    id: `${execution.id}-${round}`,
    startedAt: earlier(execution.startedAt),
    finishedAt: earlier(execution.finishedAt),
    listedAt: earlier(execution.listedAt),
  }
}
