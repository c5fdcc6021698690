import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { ArrayHelper, Fragment, RecordInsertHelper } from "effect/sql/Statement"

// SQLite accepts 32,766 parameters per statement, the Postgres client 32,767: rows of 65 columns fit.
const inStatement = 500

type Rows<Row> = Effect.Effect<ReadonlyArray<Row>, SqlError>

/**
 * Runs a statement for a set of values, in batches that a statement accepts, and returns all rows. Use it
 * for every set: providers decide how large sets are.
 */
export const forSet = <Row>(
  sql: SqlClient,
  values: Iterable<string | number>,
  statement: (some: ArrayHelper) => Rows<Row>,
): Rows<Row> => inParts(new Set(values), (some) => statement(sql.in(some)))

/** Inserts rows with the same columns, in batches that a statement accepts. */
export const insertAll = (
  sql: SqlClient,
  rows: ReadonlyArray<Record<string, unknown>>,
  statement: (some: RecordInsertHelper, columns: ReadonlyArray<string>) => Rows<unknown>,
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(inParts(rows, (some) => statement(sql.insert(some), Object.keys(some[0]))))

const inParts = <A, Row>(
  all: Iterable<A>,
  statement: (some: Arr.NonEmptyArray<A>) => Rows<Row>,
): Rows<Row> =>
  Effect.map(Effect.forEach(Arr.chunksOf(all, inStatement), statement), (parts) => parts.flat())

/** A set of texts of any size as one parameter, for a condition that cannot be split. */
export const textSet = (sql: SqlClient, texts: ReadonlyArray<string>): Fragment =>
  sql.onDialectOrElse({
    pg: () => sql`(SELECT json_array_elements_text(${JSON.stringify(texts)}::json))`,
    orElse: () => sql`(SELECT value FROM json_each(${JSON.stringify(texts)}))`,
  })
