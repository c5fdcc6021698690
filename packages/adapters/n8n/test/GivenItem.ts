import { createClient, type Json } from "@execlog/core"
import { n8n } from "../src/index.js"

/** A client of a server that answers everything with one item, or with a page of it. */
export const given = (item: { readonly [name: string]: Json }, baseUrl?: string) =>
  createClient(
    n8n({ apiKey: "canary-n8n-1", baseUrl: baseUrl ?? "https://n8n.example.com/api/v1" }),
    {
      fetch: async (input) =>
        Response.json(
          new URL(String(input)).pathname.endsWith("/executions")
            ? { data: [item], nextCursor: null }
            : item,
        ),
    },
  )

export const node = (name: string, type: string) => ({ id: `id of ${name}`, name, type })
export const run = (
  startTime: number,
  executionIndex: number,
  more: { readonly [name: string]: Json },
) => ({
  startTime,
  executionTime: 5,
  executionIndex,
  executionStatus: "success",
  source: [],
  ...more,
})
export const items = (...values: ReadonlyArray<string>) => values.map((json) => ({ json }))
export const began = Date.parse("2026-11-21T07:00:00Z")

/** A loop over two branches, whose nodes stand in another order than that in which they ran. */
export const looped = {
  id: 7,
  status: "error",
  mode: "trigger",
  startedAt: "2026-11-21T07:00:00.000Z",
  stoppedAt: "2026-11-21T07:00:01.000Z",
  workflowId: 12,
  retryOf: 3,
  retrySuccessId: 9,
  customData: { order: "1" },
  data: {
    resultData: {
      lastNodeExecuted: "Send",
      error: { name: "NodeApiError", message: "", description: "The server refused." },
      runData: {
        Send: [
          run(began + 20, 2, {
            source: [{ previousNode: "Loop", previousNodeOutput: 1 }],
            data: { main: [items("sent 1")] },
          }),
          run(began + 40, 4, {
            executionStatus: "error",
            source: [{ previousNode: "Loop", previousNodeOutput: 1, previousNodeRun: 1 }, null],
            error: { description: "The server refused." },
          }),
        ],
        Mail: [run(began, 0, { data: { main: [items("mail")] } })],
        Loop: [
          run(began + 20, 1, {
            source: [{ previousNode: "Mail" }],
            data: { main: [[], items("first")] },
          }),
          run(began + 30, 3, {
            source: [{ previousNode: "Send" }],
            inputOverride: { main: [items("by hand")] },
            data: { main: [[], items("second")] },
          }),
        ],
      },
    },
  },
  workflowData: {
    name: "Mailing",
    nodes: [
      node("Mail", "n8n-nodes-base.emailReadImap"),
      node("Loop", "n8n-nodes-base.splitInBatches"),
      node("Send", "n8n-nodes-base.httpRequest"),
    ],
  },
}
