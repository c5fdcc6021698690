import type { MadeExecution, ServedAdapter } from "@execlog/contract-tests"
import { startSimulator } from "@execlog/simulator"
import { dify } from "../src/index.js"

const session = (actor: number) => `user-${actor + 1}`
const workflow = { id: "workflow-1", name: "Orders" }

/** The log of one workflow app; that of another app needs another key. */
export const served: ServedAdapter = {
  adapter: dify,
  endpoints: [{ name: "list", orders: ["newest"], leastPage: 5, query: () => ({}) }],
  mostDelayMs: 60_000,
  start: async (history, { listen, shufflesTies }) => {
    const simulator = await startSimulator({
      port: listen ? 0 : null,
      dify: { executions: 0, ties: shufflesTies === true ? "shuffled" : "fixed" },
      alloy: { executions: 0 },
    })
    const { baseUrl, apiKey } = simulator.dify
    const insert = ({ startedAt, durationMs, outcome, delayMs, actor }: MadeExecution) =>
      simulator.dify.insert({
        startedAt,
        finishedAt: durationMs === null ? null : startedAt + durationMs,
        status: durationMs === null ? "running" : outcome,
        at: startedAt + delayMs,
        session: session(actor),
      }).runId
    return {
      settings: { apiKey, baseUrl, workflow, logDelay: "60s" },
      baseUrl,
      fetch: simulator.fetch,
      ids: history.map(insert),
      workflowId: (number) => (number === 0 ? workflow.id : `workflow-${number + 1}`),
      workflowOf: () => workflow.id,
      actorId: session,
      actorOf: ({ actor }) => session(actor),
      insert,
      delete: (id) => simulator.dify.delete(id),
      finish: (id, outcome) => simulator.dify.finish(id, outcome),
      [Symbol.asyncDispose]: () => simulator.stop(),
    }
  },
}
