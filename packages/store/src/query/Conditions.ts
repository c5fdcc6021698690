import type { Execution } from "@execlog/core"
import type { CheckedQuery } from "@execlog/core/adapter"
import { passesFilter } from "@execlog/core/unstable"
import type { SqlClient } from "effect/sql/SqlClient"
import type { Fragment } from "effect/sql/Statement"
import { textSet } from "../database/StatementBatches.js"
import { untimed } from "../tables/Executions.js"
import { storedText } from "../tables/StoredText.js"

/** How to treat unfinished executions that the provider no longer has: omit them, return only them, or include them. */
export type Gone = "exclude" | "only" | "include"

/** The part of a query that decides which rows match. */
export interface RowQuery {
  readonly query: CheckedQuery
  /** By name; null for all. */
  readonly connections: ReadonlyArray<string> | null
  readonly gone: Gone
}

/** The WHERE conditions of a query. They may admit rows that {@link isFound} then rejects. */
export const conditionsOf = (
  sql: SqlClient,
  { query, connections, gone }: RowQuery,
): ReadonlyArray<Fragment> => {
  const conditions: Array<Fragment> = []
  const add = <A>(value: A | null, condition: (value: A) => Fragment): void => {
    if (value !== null) conditions.push(condition(value))
  }
  if (connections?.length === 0) conditions.push(sql.literal("1 = 0"))
  else if (connections !== null) {
    conditions.push(
      sql`executions.connection_id IN (SELECT id FROM connections WHERE name IN ${textSet(sql, connections)})`,
    )
  }
  if (gone === "exclude") conditions.push(sql.literal("gone_at IS NULL"))
  if (gone === "only") conditions.push(sql.literal("gone_at IS NOT NULL"))
  // At most ten statuses.
  add(query.status, (status) => sql`status IN ${sql.in(status)}`)
  add(query.providerStatus, (word) => sql`provider_status = ${storedText(word)}`)
  add(query.workflowId, (id) => sql`workflow_id = ${storedText(id)}`)
  add(query.actorId, (id) => sql`actor_id = ${storedText(id)}`)
  // Executions without a time match no filter by time.
  add(query.since, (since) => sql`timestamp >= ${since} AND timestamp < ${untimed}`)
  add(query.until, (until) => sql`timestamp < ${until}`)
  add(query.finishedSince, (since) => sql`finished_at >= ${since}`)
  add(query.finishedUntil, (until) => sql`finished_at < ${until}`)
  add(
    query.planned,
    (now) =>
      sql`(scheduled_for IS NULL OR scheduled_for <= ${now} OR started_at IS NOT NULL OR is_open = 0)`,
  )
  add(query.tag, (tag) => holds(sql, [JSON.stringify(tag)]))
  for (const [name, value] of query.attributes ?? []) {
    const key = `${JSON.stringify(name)}:`
    // A string, number or boolean, as JSON.stringify wrote it into the document.
    conditions.push(holds(sql, [`${key}${JSON.stringify(value)}`, `${key}${value}`]))
  }
  return conditions
}

/** Whether a document contains one of these texts. The JSON functions of neither database accept every text. */
const holds = (sql: SqlClient, texts: ReadonlyArray<string>): Fragment => {
  const found = texts.map((text) =>
    sql.onDialectOrElse({
      pg: () => sql`strpos(kept.execution, ${storedText(text)}) > 0`,
      orElse: () => sql`instr(kept.execution, ${storedText(text)}) > 0`,
    }),
  )
  return sql`EXISTS (SELECT 1 FROM documents kept WHERE kept.key = executions.key AND ${sql.or(found)})`
}

/** Whether matches must be checked against the execution: the text may be elsewhere in the document. */
export const needsDocument = ({ query }: Pick<RowQuery, "query">): boolean =>
  query.tag !== null || query.attributes !== null

/** Whether an execution that meets the conditions matches the query. */
export const isFound = ({ query }: Pick<RowQuery, "query">, execution: Execution): boolean =>
  passesFilter(execution, query, "tag") && passesFilter(execution, query, "attributes")
