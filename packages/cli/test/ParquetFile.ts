import { DuckDBConnection } from "@duckdb/node-api"

/** A row from DuckDB; 64-bit integers are bigints. */
export type Row = Readonly<Record<string, unknown>>

/** The rows that DuckDB, which shares no code with the writer, finds in a file: `$file` in the query. */
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
