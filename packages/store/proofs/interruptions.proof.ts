import { randomness } from "@execlog/simulator"
import { openStore, StoreError } from "@execlog/store"
import { expect, it } from "vitest"
import { databases, type TestDatabase } from "../test/Databases.js"
import { changing, changingHistory } from "./ChangingHistory.js"
import { proofSeed } from "./ProofSeed.js"
import { type Provider, startProviders } from "./Providers.js"
import { runSyncer } from "./SyncProcess.js"
import { verifyStore } from "./Verification.js"

const timeout = 300_000
const executions = 700

const begin = async () => {
  const seed = proofSeed()
  const providers = await startProviders()
  const histories = providers.all.map((provider, index) =>
    changingHistory(providers, provider, randomness(seed + index), executions),
  )
  return { seed, providers, histories, random: randomness(seed + 100) }
}

const taskOf = ({ address: store }: TestDatabase, { adapter, settings, name }: Provider) => ({
  store,
  adapter,
  settings,
  name,
  full: false,
  forever: false,
})

it.each(databases)(
  "reads no committed page again after a kill, in $name",
  { timeout },
  async ({ make }) => {
    await using database = await make()
    const { histories, providers } = await begin()
    await using _providers = providers
    for (const { provider } of histories) {
      const task = { ...taskOf(database, provider), killAfterPage: 1 }
      let kept = -1
      for (;;) {
        const [row] = await database
          .ask(`SELECT count(*) AS count FROM executions WHERE connection_id =
            (SELECT id FROM connections WHERE name = '${provider.name}')`)
          .catch(() => [])
        const count = Number(row?.["count"] ?? 0)
        // The history ends with a page that brings nothing, or in the next process.
        if (count === kept) break
        expect(count).toBeGreaterThan(kept)
        kept = count
        const { signal } = await runSyncer(task, null)
        expect(signal).toBe("SIGKILL")
      }
    }
    await verifyStore(database, histories, [])
  },
)

it.each(databases)(
  "ends a sync after the current page on SIGTERM, in $name",
  { timeout },
  async ({ make, name }) => {
    await using database = await make()
    const { histories, providers, random, seed } = await begin()
    await using _providers = providers
    using _changes = changing(histories, random)
    let stopped = 0
    for (let round = 0; round < 4; round++) {
      for (const { provider } of histories) {
        const task = { ...taskOf(database, provider), full: true, forever: true }
        const instant = { after: "sync", ms: random.below(400) } as const
        const { code, signal, lines } = await runSyncer(task, instant, "SIGTERM")
        expect({ code, signal }).toEqual({ code: 0, signal: null })
        if (lines.at(-1)?.endsWith("false") === true) stopped++
      }
    }
    console.log(`${name}: 16 SIGTERMs, ${stopped} within a sync. EXECLOG_PROOF_SEED=${seed}`)
    expect(stopped).toBeGreaterThan(0)
    _changes[Symbol.dispose]()
    await verifyStore(database, histories, [])
  },
)

/** Cuts a sync off from its database while it is in a transaction; false where it ended before. */
const cutWithinTransaction = async (
  database: TestDatabase,
  synced: Promise<unknown>,
): Promise<boolean> => {
  const ended = new AbortController()
  void synced.then(() => ended.abort())
  while (!ended.signal.aborted) {
    const cut = await database.ask(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'execlog' AND datname = current_database()
          AND state = 'idle in transaction'`,
    )
    if (cut.length > 0) return true
  }
  return false
}

const terminations = 20

it.each(databases.filter(({ name }) => name === "Postgres"))(
  "leaves a true store when the connection is cut within a transaction, in $name",
  { timeout },
  async ({ make }) => {
    await using database = await make()
    const { histories, providers, random } = await begin()
    await using _providers = providers
    using _changes = changing(histories, random)
    for (let cuts = 0; cuts < terminations;) {
      const history = histories[cuts % histories.length]
      if (history === undefined) break
      const store = await openStore(database.address)
      const synced = store
        .sync(history.provider.client(), { full: true, onWarning: () => {} })
        .then(
          () => null,
          (error: unknown) => error,
        )
      const isCut = await cutWithinTransaction(database, synced)
      const error = await synced
      await store.close()
      // The interruption may have hit the connection just after the last transaction.
      if (!isCut || error === null) continue
      cuts++
      expect(error).toBeInstanceOf(StoreError)
      expect(error).toMatchObject({ reason: "Unreachable" })
    }
    _changes[Symbol.dispose]()
    await verifyStore(database, histories, [])
  },
)
