import * as z from "zod"

const epochSeconds = z.number().min(-8.64e12).max(8.64e12)

/** The adapter's wire schema of a log row, in zod. */
const Row = z.object({
  id: z.string().min(1),
  created_at: epochSeconds,
  created_from: z.string().nullish(),
  created_by_role: z.string().nullish(),
  created_by_account: z
    .union([
      z.string(),
      z.object({
        id: z.string(),
        name: z.string().nullish(),
        email: z.string().nullish(),
      }),
    ])
    .nullish(),
  created_by_end_user: z
    .object({
      id: z.string(),
      type: z.string().nullish(),
      is_anonymous: z.boolean().nullish(),
      session_id: z.string().nullish(),
    })
    .nullish(),
  details: z.unknown(),
  workflow_run: z
    .object({
      id: z.string().min(1),
      version: z.string().nullish(),
      status: z.string().nullish(),
      triggered_from: z.string().nullish(),
      error: z.string().nullish(),
      elapsed_time: z.number().nullish(),
      total_tokens: z.number().nullish(),
      total_steps: z.number().nullish(),
      created_at: epochSeconds.nullish(),
      finished_at: epochSeconds.nullish(),
      exceptions_count: z.number().nullish(),
    })
    .nullish(),
})

/** A log row that was checked. */
export type CheckedRow = z.infer<typeof Row>

const Page = z.object({
  data: z.array(z.unknown()),
  has_more: z.boolean().nullish(),
  total: z.number().nullish(),
})

/** The good rows of a page, each checked by itself, so that a bad one costs only itself. */
export const readWithZod = (body: unknown): Array<CheckedRow> => {
  const rows: Array<CheckedRow> = []
  for (const item of Page.parse(body).data) {
    const row = Row.safeParse(item)
    if (row.success) rows.push(row.data)
  }
  return rows
}
