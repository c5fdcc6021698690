import { DuckDBConnection } from "@duckdb/node-api"

/** A row as DuckDB gives it; whole numbers of 64 bits are bigints. */
export type Row = Readonly<Record<string, unknown>>

/** What DuckDB, which shares no line with what wrote it, finds in a file: `$file` in the query. */
export const asked = async (query: string, file: string): Promise<ReadonlyArray<Row>> => {
  const connection = await DuckDBConnection.create()
  try {
    const quoted = `'${file.replaceAll("'", "''")}'`
    const reader = await connection.runAndReadAll(query.replaceAll("$file", quoted))
    return reader.getRowObjectsJS()
  } finally {
    connection.closeSync()
  }
}
