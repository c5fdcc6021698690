/** The simulator's Dify in a process of its own, for histories too long to keep as pages. */
import { startSimulator } from "@execlog/simulator"

const simulator = await startSimulator({
  dify: { executions: Number(process.argv[2]) },
  alloy: { executions: 0 },
})
process.stdout.write(`${simulator.dify.baseUrl}\n`)
process.stdin.resume().once("end", () => void simulator.stop())
