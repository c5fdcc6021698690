import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/**
 * Instants are milliseconds since 1970 in UTC. Numbers are doubles, which are exact for them and are
 * numbers in both drivers.
 *
 * `executions` has the narrow search columns, so that a million rows are read in a second; `documents`
 * has each execution as JSON.
 */
export const createTables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const key = sql.onDialectOrElse({
    // In SQLite it is the rowid, which needs no index.
    sqlite: () => "integer PRIMARY KEY",
    orElse: () => "double precision PRIMARY KEY",
  })
  // Orders ids by code unit, whatever the locale of the database.
  const id = sql.onDialectOrElse({ pg: () => `text COLLATE "C"`, orElse: () => "text" })
  const statements = [
    `CREATE TABLE connections (
      id integer PRIMARY KEY,
      name ${id} NOT NULL UNIQUE,
      provider text NOT NULL,
      server text NOT NULL,
      created_at double precision NOT NULL,
      synced_at double precision,
      listed_up_to double precision,
      observed_at double precision
    )`,
    `CREATE TABLE executions (
      key ${key},
      connection_id integer NOT NULL REFERENCES connections (id),
      id ${id} NOT NULL,
      workflow_id text,
      workflow_name text,
      status text NOT NULL,
      is_open integer NOT NULL,
      actor_id text,
      started_at double precision,
      listing_at double precision NOT NULL,
      duration_ms double precision,
      total_tokens double precision,
      error_message text,
      observed_at double precision NOT NULL,
      first_seen_at double precision NOT NULL,
      stale_at double precision,
      UNIQUE (connection_id, id)
    )`,
    `CREATE INDEX executions_by_listing ON executions (listing_at)`,
    `CREATE INDEX executions_by_status ON executions (status, listing_at)`,
    `CREATE INDEX executions_by_workflow ON executions (workflow_id, listing_at)`,
    `CREATE INDEX executions_open ON executions (connection_id, observed_at) WHERE is_open = 1`,
    `CREATE TABLE documents (
      key ${key} REFERENCES executions (key),
      execution text NOT NULL,
      steps text,
      inputs text,
      outputs text,
      raw text
    )`,
    `CREATE TABLE status_changes (
      number ${key},
      execution_key double precision NOT NULL REFERENCES executions (key),
      previous_status text,
      previous_provider_status text,
      status text NOT NULL,
      provider_status text,
      observed_at double precision NOT NULL
    )`,
    `CREATE INDEX status_changes_by_execution ON status_changes (execution_key, number)`,
    `CREATE TABLE rejected_items (
      connection_id integer NOT NULL REFERENCES connections (id),
      identity ${id} NOT NULL,
      id text,
      reason text NOT NULL,
      raw text NOT NULL,
      observed_at double precision NOT NULL,
      PRIMARY KEY (connection_id, identity)
    )`,
    `CREATE TABLE sync_positions (
      connection_id integer NOT NULL REFERENCES connections (id),
      pass text NOT NULL,
      query text NOT NULL,
      cursor text,
      begun_at double precision NOT NULL,
      news_since double precision,
      listed_since double precision,
      listed_up_to double precision,
      finished_at double precision,
      PRIMARY KEY (connection_id, pass)
    )`,
    `CREATE TABLE followers (
      name text PRIMARY KEY,
      number double precision NOT NULL
    )`,
  ]
  for (const statement of statements) yield* sql.unsafe(statement)
})
