import type { TestDatabase } from "../test/Databases.js"

/** A change of status as it stands in the table. */
interface StoredChange {
  readonly number: number
  readonly previous: string | null
  readonly status: string
}

/** An execution as it stands in the tables. */
export interface StoredRow {
  readonly key: number
  readonly id: string
  readonly status: string
  readonly changes: ReadonlyArray<StoredChange>
}

/** The rows of one connection in the tables of a store. */
export interface StoredTables {
  readonly rows: ReadonlyArray<StoredRow>
  readonly documents: number
  /** The rejected items, as JSON. */
  readonly rejected: ReadonlyArray<string>
}

/** All that the tables hold of a connection. */
export const storedTables = async (
  { ask }: TestDatabase,
  connection: string,
): Promise<StoredTables> => {
  const own = `(SELECT id FROM connections WHERE name = '${connection}')`
  const [executions, changes, documents, rejected] = await Promise.all([
    ask(`SELECT key, id, status FROM executions WHERE connection_id = ${own}`),
    ask(
      "SELECT number, execution_key, previous_status, status FROM status_changes ORDER BY number",
    ),
    ask("SELECT key FROM documents"),
    ask(`SELECT raw FROM rejected_items WHERE connection_id = ${own}`),
  ])
  const byKey = Map.groupBy(changes, (change) => change["execution_key"])
  const documented = new Set(documents.map(({ key }) => key))
  return {
    rows: executions.map(({ key, id, status }) => ({
      key: Number(key),
      id: String(id),
      status: String(status),
      changes: (byKey.get(key) ?? []).map((change) => ({
        number: Number(change["number"]),
        previous: textOrNull(change["previous_status"]),
        status: String(change["status"]),
      })),
    })),
    documents: executions.filter(({ key }) => documented.has(key)).length,
    rejected: rejected.map(({ raw }) => String(raw)),
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null)

/** The numbers of all changes, in their order. */
export const changeNumbers = async ({ ask }: TestDatabase): Promise<ReadonlyArray<number>> =>
  (await ask("SELECT number FROM status_changes ORDER BY number")).map((row) =>
    Number(row["number"]),
  )
