/** The simulator's Dify in a process of its own, for histories too long to keep as pages. */
import { startSimulator } from "@execlog/simulator"

const [, , executions, latencyMs = "0", offsetCostMs = "0"] = process.argv
const simulator = await startSimulator({
  latencyMs: Number(latencyMs),
  dify: { executions: Number(executions), offsetCostMs: Number(offsetCostMs) },
  alloy: { executions: 0 },
})
process.stdout.write(`${simulator.dify.baseUrl}\n`)
process.stdin.resume().once("end", () => void simulator.stop())
