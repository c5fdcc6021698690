import { readFileSync } from "node:fs"
import { createClient } from "@execlog/core"
import { expect, it } from "vitest"
import { dify } from "../src/index.js"

interface Recording {
  readonly exchanges: ReadonlyArray<{
    readonly response: {
      readonly data: ReadonlyArray<{
        readonly created_at: number
        readonly workflow_run: { readonly id: string }
      }>
    }
  }>
}

const recording: Recording = JSON.parse(
  readFileSync(new URL("../../../../fixtures/dify/list-all.json", import.meta.url), "utf8"),
)
const rows = recording.exchanges[0]?.response.data ?? []

/** The rows that a real Dify 1.12.1 gave, cut into whatever pages are asked for. */
const fetch: typeof globalThis.fetch = async (input) => {
  const parameters = new URL(String(input)).searchParams
  const before = Date.parse(parameters.get("created_at__before") ?? "9999-01-01")
  const limit = Number(parameters.get("limit"))
  const page = Number(parameters.get("page"))
  const matching = rows.filter(({ created_at }) => created_at * 1000 <= before)
  return Response.json({
    page,
    limit,
    total: matching.length,
    has_more: page * limit < matching.length,
    data: matching.slice((page - 1) * limit, page * limit),
  })
}

it.each([1, 7, 20, 100])(
  "returns the 52 recorded runs with their statuses, in pages of %i",
  async (pageSize) => {
    const client = createClient(dify({ apiKey: "app-canary-sample" }), { fetch })
    const statuses: Record<string, number> = {}
    const ids = new Set<string>()
    for await (const { id, status } of client.executions({ pageSize })) {
      ids.add(id)
      statuses[status] = (statuses[status] ?? 0) + 1
    }
    expect(ids).toEqual(new Set(rows.map(({ workflow_run }) => workflow_run.id)))
    expect(statuses).toEqual({ succeeded: 40, failed: 7, partial: 4, running: 1 })
  },
)
