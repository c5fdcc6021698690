import type { MadeExecution, ServedAdapter } from "@execlog/contract-tests"
import { startSimulator } from "@execlog/simulator"
import { alloy } from "../src/index.js"

/** The events of all workflows, and the detailed log of one. */
export const served: ServedAdapter = {
  adapter: alloy,
  endpoints: [
    { name: "list", orders: ["newest"], query: () => ({}) },
    {
      name: "detail",
      orders: ["newest", "oldest"],
      leastPage: 5,
      query: ({ workflowId }) => ({ workflowId: workflowId(0), include: ["steps"] }),
    },
  ],
  mostDelayMs: 60_000,
  start: async (history, { listen }) => {
    const simulator = await startSimulator({
      port: listen ? 0 : null,
      dify: { executions: 0 },
      alloy: { executions: 0 },
    })
    const { baseUrl, apiKey, workflowIds, userIds } = simulator.alloy
    const actorId = (number: number) => userIds[number] ?? "unknown-user"
    const insert = ({ startedAt, durationMs, outcome, workflow, actor }: MadeExecution) =>
      simulator.alloy.start({
        startedAt,
        completedAt: durationMs === null ? null : startedAt + durationMs,
        failed: outcome === "failed",
        workflow,
        user: actor,
      })
    return {
      settings: { apiKey, baseUrl, maxDuration: "60s" },
      baseUrl,
      fetch: simulator.fetch,
      ids: history.map(insert),
      workflowId: (number) => workflowIds[number] ?? "unknown-workflow",
      workflowOf: ({ workflow }) => workflowIds[workflow] ?? "unknown-workflow",
      actorId,
      actorOf: ({ actor }) => actorId(actor),
      insert,
      delete: (id) => simulator.alloy.delete(id),
      finish: (id, outcome, at) =>
        simulator.alloy.finish(id, outcome === "succeeded" ? "ok" : "error", at),
      [Symbol.asyncDispose]: () => simulator.stop(),
    }
  },
}
