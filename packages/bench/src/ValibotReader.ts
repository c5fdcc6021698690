import * as v from "valibot"
import type { CheckedRow } from "./ZodReader.ts"

const text = v.nullish(v.string())
const number = v.nullish(v.pipe(v.number(), v.finite()))
const epochSeconds = v.pipe(v.number(), v.minValue(-8.64e12), v.maxValue(8.64e12))
const id = v.pipe(v.string(), v.nonEmpty())

/** The adapter's wire schema of a log row, in valibot. */
const Row = v.object({
  id,
  created_at: epochSeconds,
  created_from: text,
  created_by_role: text,
  created_by_account: v.nullish(
    v.union([v.string(), v.object({ id: v.string(), name: text, email: text })]),
  ),
  created_by_end_user: v.nullish(
    v.object({
      id: v.string(),
      type: text,
      is_anonymous: v.nullish(v.boolean()),
      session_id: text,
    }),
  ),
  details: v.unknown(),
  workflow_run: v.nullish(
    v.object({
      id,
      version: text,
      status: text,
      triggered_from: text,
      error: text,
      elapsed_time: number,
      total_tokens: number,
      total_steps: number,
      created_at: v.nullish(epochSeconds),
      finished_at: v.nullish(epochSeconds),
      exceptions_count: number,
    }),
  ),
})

const Page = v.object({
  data: v.array(v.unknown()),
  has_more: v.nullish(v.boolean()),
  total: number,
})

/** The good rows of a page, each checked by itself, so that a bad one costs only itself. */
export const readWithValibot = (body: unknown): Array<CheckedRow> => {
  const rows: Array<CheckedRow> = []
  for (const item of v.parse(Page, body).data) {
    const row = v.safeParse(Row, item)
    if (row.success) rows.push(row.output)
  }
  return rows
}
