import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { ArrayHelper, Fragment, RecordInsertHelper } from "effect/sql/Statement"

// SQLite takes 32,766 parameters in one statement, the client of Postgres 32,767; an execution has 23.
const inStatement = 500

type Rows<Row> = Effect.Effect<ReadonlyArray<Row>, SqlError>

/**
 * Runs a statement for a set of values, by as many at a time as a statement takes, and gives the rows of
 * all. Whatever goes by a set goes through here, since a provider decides how large it is.
 */
export const forSet = <Row>(
  sql: SqlClient,
  values: Iterable<string | number>,
  statement: (some: ArrayHelper) => Rows<Row>,
): Rows<Row> => inParts(new Set(values), (some) => statement(sql.in(some)))

/** Inserts rows, by as many at a time as a statement takes. */
export const insertAll = (
  sql: SqlClient,
  rows: ReadonlyArray<Record<string, unknown>>,
  statement: (some: RecordInsertHelper) => Rows<unknown>,
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(inParts(rows, (some) => statement(sql.insert(some))))

const inParts = <A, Row>(
  all: Iterable<A>,
  statement: (some: Arr.NonEmptyArray<A>) => Rows<Row>,
): Rows<Row> =>
  Effect.map(Effect.forEach(Arr.chunksOf(all, inStatement), statement), (parts) => parts.flat())

/** A set of texts of any size as one parameter, for a condition that cannot be asked in parts. */
export const textSet = (sql: SqlClient, texts: ReadonlyArray<string>): Fragment =>
  sql.onDialectOrElse({
    pg: () => sql`(SELECT json_array_elements_text(${JSON.stringify(texts)}::json))`,
    orElse: () => sql`(SELECT value FROM json_each(${JSON.stringify(texts)}))`,
  })
