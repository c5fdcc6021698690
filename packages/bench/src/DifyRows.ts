import { type DifyWireRow, startSimulator } from "@execlog/simulator"

/** The rows of a seeded Dify history, newest first: the same for every run. */
export const difyRows = async (executions: number): Promise<ReadonlyArray<DifyWireRow>> => {
  await using simulator = await startSimulator({ dify: { executions }, alloy: { executions: 0 } })
  return [...simulator.dify.truth()]
}
