import { type Execution, isTerminal } from "@execlog/core"
import { lacksDetails } from "@execlog/core/unstable"
import { openStore } from "@execlog/store"
import { expect } from "vitest"
import type { TestDatabase } from "../test/Databases.js"
import type { ChangingHistory } from "./ChangingHistory.js"
import { differences } from "./Comparison.js"
import { changeNumbers, storedTables } from "./Stored.js"
import type { WholeSync } from "./SyncProcess.js"

/**
 * Brings a store up to date, and holds it against the truth and against what the providers list.
 * `syncs` are those that came to their end before. The histories stand still.
 */
export const verifyStore = async (
  database: TestDatabase,
  histories: ReadonlyArray<ChangingHistory>,
  syncs: ReadonlyArray<WholeSync>,
): Promise<void> => {
  const store = await openStore(database.address)
  try {
    const last: Array<WholeSync> = []
    for (const { provider } of histories) {
      const from = Date.now()
      const { isStopped } = await store.sync(provider.client(), quiet)
      expect(isStopped).toBe(false)
      last.push({ name: provider.name, from, to: Date.now() })
    }
    const numbers = await changeNumbers(database)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    for (const history of histories) {
      const { client, name } = history.provider
      const stored = await storedTables(database, name)
      expect(differences(history, stored, [...syncs, ...last])).toEqual([])
      for await (const listed of client().executions({}, { onRejected: () => {} })) {
        const kept = await store.get(name, listed.id)
        const found = kept === null ? null : comparable(kept.execution)
        // Where a list leaves out what went wrong, what was got of the same end is kept.
        const error = comparable(listed).error ?? (isTerminal(listed.status) ? found?.error : null)
        expect(found, `${name} ${listed.id}`).toEqual({ ...comparable(listed), error })
        // n8n tells why an execution failed where it is asked for it alone.
        if (name === "n8n" && lacksDetails(listed, "failed")) {
          const whole = await client().get(listed.id)
          expect(found?.error, `${name} ${listed.id}`).toBe(whole.error?.message ?? null)
        }
      }
      // Read as a whole, the history has nothing that is not there.
      const again = await store.sync(client(), { ...quiet, full: true })
      expect(again).toMatchObject({ added: 0, recovered: 0 })
    }
    expect(await changeNumbers(database)).toEqual(numbers)
  } finally {
    await store.close()
  }
}

const quiet = { onWarning: () => {} }

/** The fields of a list that a store must have too. */
const comparable = ({ id, status, providerStatus, startedAt, finishedAt, error }: Execution) => ({
  id,
  status,
  providerStatus,
  startedAt,
  finishedAt,
  error: error?.message ?? null,
})
