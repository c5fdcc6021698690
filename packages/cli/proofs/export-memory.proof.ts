import { startSimulator } from "@execlog/simulator"
import { expect, it } from "vitest"
import { directoryWith, execlog } from "../test/Execlog.js"

const executions = 30_000

it.each(["ndjson", "parquet"])(
  "exports 30,000 executions as %s within 48 MB of memory",
  async (format) => {
    const simulator = await startSimulator({ dify: { executions } })
    const directory = directoryWith({})
    const connection = ["--provider", "dify", "--set", `baseUrl=${simulator.dify.baseUrl}`]
    const { code, stderr } = await execlog(["export", ...connection, "--output", `all.${format}`], {
      directory,
      environment: { DIFY_API_KEY: simulator.dify.apiKey },
      // Less than the executions alone would need.
      nodeFlags: ["--max-old-space-size=48"],
    })
    await simulator.stop()
    expect(stderr).toBe(
      `${executions.toLocaleString("en-US")} executions written to all.${format}.\n`,
    )
    expect(code).toBe(0)
  },
)
