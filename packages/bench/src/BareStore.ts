import { DatabaseSync } from "node:sqlite"
import type { Execution } from "@execlog/core"

/** The least that keeps executions in the tables of a store: prepared statements, and no questions. */
export interface BareStore {
  /** Inserts executions that are not there yet, in one transaction. */
  readonly insert: (executions: ReadonlyArray<Execution>, observedAt: number) => void
  readonly close: () => void
}

const columns = [
  "key",
  "connection_id",
  "id",
  "workflow_id",
  "workflow_name",
  "status",
  "is_open",
  "actor_id",
  "started_at",
  "listing_at",
  "duration_ms",
  "total_tokens",
  "error_message",
  "observed_at",
  "first_seen_at",
]

const open = new Set(["queued", "running", "waiting", "unknown"])

/** Opens a file whose tables a store has made. */
export const openBareStore = (path: string): BareStore => {
  const database = new DatabaseSync(path)
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8000;" +
      "PRAGMA cache_size = -32000;",
  )
  const insertExecution = database.prepare(
    `INSERT INTO executions (${columns.join()}) VALUES (${columns.map(() => "?").join()})`,
  )
  const insertDocument = database.prepare("INSERT INTO documents (key, execution) VALUES (?, ?)")
  database.exec(
    `INSERT OR IGNORE INTO connections (id, name, provider, server, created_at)
      VALUES (1, 'bench', 'dify', 'bench', 0)`,
  )
  let key = 0
  return {
    insert: (executions, observedAt) => {
      database.exec("BEGIN IMMEDIATE")
      for (const execution of executions) {
        const {
          provider: _,
          connection: __,
          steps: ___,
          inputs: ____,
          raw: _____,
          ...rest
        } = execution
        const { workflow, startedAt, listedAt, error } = execution
        insertExecution.run(
          ++key,
          1,
          execution.id,
          workflow.id,
          workflow.name,
          execution.status,
          open.has(execution.status) ? 1 : 0,
          execution.actor?.id ?? null,
          startedAt?.getTime() ?? null,
          (listedAt ?? startedAt)?.getTime() ?? 9e15,
          execution.durationMs,
          execution.usage.totalTokens,
          error?.message.slice(0, 500) ?? null,
          observedAt,
          observedAt,
        )
        insertDocument.run(key, JSON.stringify(rest))
      }
      database.exec("COMMIT")
    },
    close: () => database.close(),
  }
}
