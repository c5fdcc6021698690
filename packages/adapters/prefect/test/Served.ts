import type { MadeExecution, ServedAdapter } from "@execlog/contract-tests"
import { startSimulator } from "@execlog/simulator"
import { prefect } from "../src/index.js"

/** The flow runs of three flows, all made by the schedules of these. */
export const served: ServedAdapter = {
  adapter: prefect,
  endpoints: [{ name: "list", orders: ["newest", "oldest"], query: () => ({}) }],
  mostDelayMs: 60_000,
  start: async (history, { listen, shufflesTies }) => {
    const simulator = await startSimulator({
      port: listen ? 0 : null,
      dify: { executions: 0 },
      alloy: { executions: 0 },
      prefect: {
        executions: 0,
        apiKey: "canary-prefect-1",
        ties: shufflesTies === true ? "shuffled" : "byQuery",
      },
    })
    const { baseUrl, apiKey, flowIds, scheduleIds } = simulator.prefect
    const idOf = (ids: ReadonlyArray<string>, number: number) => ids[number] ?? "unknown"
    const insert = ({ startedAt, durationMs, outcome, delayMs, workflow }: MadeExecution) =>
      simulator.prefect.insert({
        expectedStartTime: startedAt + delayMs,
        startTime: startedAt,
        endTime: durationMs === null ? null : startedAt + durationMs,
        state: durationMs === null ? "RUNNING" : states[outcome],
        flow: workflow,
        scheduled: true,
      })
    return {
      settings: { apiKey, baseUrl },
      baseUrl,
      fetch: simulator.fetch,
      ids: history.map(insert),
      workflowId: (number) => idOf(flowIds, number),
      workflowOf: ({ workflow }) => idOf(flowIds, workflow),
      actorId: (number) => idOf(scheduleIds, number),
      // Each flow has one schedule.
      actorOf: ({ workflow }) => idOf(scheduleIds, workflow),
      insert,
      delete: (id) => simulator.prefect.delete(id),
      finish: (id, outcome, at) => simulator.prefect.setState(id, { type: states[outcome], at }),
      [Symbol.asyncDispose]: () => simulator.stop(),
    }
  },
}

const states = { succeeded: "COMPLETED", failed: "FAILED" } as const
