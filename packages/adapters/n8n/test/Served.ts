import type { MadeExecution, ServedAdapter } from "@execlog/contract-tests"
import { startSimulator } from "@execlog/simulator"
import { n8n } from "../src/index.js"

const wordOf = (outcome: MadeExecution["outcome"]) => (outcome === "failed" ? "error" : "success")

/** The executions of all workflows, plain and with their data. */
export const served: ServedAdapter = {
  adapter: n8n,
  endpoints: [{ name: "list", orders: ["newest"], query: () => ({}) }],
  mostDelayMs: 60_000,
  start: async (history, { listen }) => {
    const simulator = await startSimulator({
      port: listen ? 0 : null,
      dify: { executions: 0 },
      alloy: { executions: 0 },
      n8n: { executions: 0 },
    })
    const { baseUrl, apiKey, workflowIds } = simulator.n8n
    const workflowId = (number: number) => workflowIds[number] ?? "unknown-workflow"
    // n8n tells none: no query asks for one.
    const actorId = (number: number) => `actor-${number + 1}`
    const insert = ({ startedAt, durationMs, outcome, workflow }: MadeExecution) =>
      simulator.n8n.insert({
        startedAt,
        stoppedAt: durationMs === null ? null : startedAt + durationMs,
        status: durationMs === null ? "running" : wordOf(outcome),
        workflow,
      })
    return {
      settings: { apiKey, baseUrl },
      baseUrl,
      fetch: simulator.fetch,
      ids: history.map(insert),
      workflowId,
      workflowOf: ({ workflow }) => workflowId(workflow),
      actorId,
      actorOf: ({ actor }) => actorId(actor),
      insert,
      delete: (id) => simulator.n8n.delete(id),
      finish: (id, outcome, at) => simulator.n8n.finish(id, wordOf(outcome), at),
      [Symbol.asyncDispose]: () => simulator.stop(),
    }
  },
}
