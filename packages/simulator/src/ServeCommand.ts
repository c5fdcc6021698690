import type { Readable, Writable } from "node:stream"
import { parseArgs } from "node:util"
import { type Simulator, startSimulator } from "./Simulator.js"

const USAGE = `node dist/serve.js
  [--port 0] [--latency-ms 0] [--now 2026-11-21T08:00:00Z] [--seed 1] [--until-stdin-closes]
  [--dify-executions 250] [--dify-per-hour 120] [--dify-version 1.12.1|newer|older] [--dify-clamp-to N]
  [--dify-offset-cost-ms 0] [--dify-whole-seconds] [--dify-shuffle-ties]
  [--alloy-executions 250] [--alloy-per-hour 120] [--alloy-workflows 3] [--alloy-users 5]
  [--alloy-max-page-size N] [--alloy-offset-cost-ms 0]
  [--prefect-executions 250] [--prefect-per-hour 120] [--prefect-flows 4] [--prefect-clamp-to N]
  [--prefect-offset-cost-ms 0] [--prefect-auth-string user:password] [--prefect-api-key KEY]
  [--prefect-ties byQuery|fixed|shuffled]
  [--n8n-executions 250] [--n8n-per-hour 120] [--n8n-workflows 3]
Prints one line of JSON with the URLs and keys, and runs until SIGTERM or SIGINT.`

const text = { type: "string" } as const
const flag = { type: "boolean" } as const

const OPTIONS = {
  help: flag,
  port: text,
  "latency-ms": text,
  now: text,
  seed: text,
  "until-stdin-closes": flag,
  "dify-executions": text,
  "dify-per-hour": text,
  "dify-version": text,
  "dify-clamp-to": text,
  "dify-offset-cost-ms": text,
  "dify-whole-seconds": flag,
  "dify-shuffle-ties": flag,
  "alloy-executions": text,
  "alloy-per-hour": text,
  "alloy-workflows": text,
  "alloy-users": text,
  "alloy-max-page-size": text,
  "alloy-offset-cost-ms": text,
  "prefect-executions": text,
  "prefect-per-hour": text,
  "prefect-flows": text,
  "prefect-clamp-to": text,
  "prefect-offset-cost-ms": text,
  "prefect-auth-string": text,
  "prefect-api-key": text,
  "prefect-ties": text,
  "n8n-executions": text,
  "n8n-per-hour": text,
  "n8n-workflows": text,
} as const

/** Starts what the arguments say and prints one line of JSON; null where they only ask for help. */
export const serve = async (
  args: string[],
  input: Readable,
  output: Writable,
): Promise<Simulator | null> => {
  const { values } = parseArgs({ args, options: OPTIONS })
  if (values.help === true) {
    output.write(`${USAGE}\n`)
    return null
  }
  const number = (name: keyof typeof values): number | undefined => {
    const value = values[name]
    if (value === undefined) return undefined
    const read = Number(value)
    if (!Number.isFinite(read) || read < 0) throw new TypeError(`--${name} needs a number from 0`)
    return read
  }
  const now = values.now === undefined ? undefined : new Date(values.now)
  if (now !== undefined && Number.isNaN(now.getTime()))
    throw new TypeError("--now needs an ISO 8601 time")
  const version = values["dify-version"]
  if (version !== undefined && version !== "1.12.1" && version !== "newer" && version !== "older") {
    throw new TypeError("--dify-version is 1.12.1, newer or older")
  }
  const ties = values["prefect-ties"]
  if (ties !== undefined && ties !== "byQuery" && ties !== "fixed" && ties !== "shuffled") {
    throw new TypeError("--prefect-ties is byQuery, fixed or shuffled")
  }
  const seed = number("seed")
  const simulator = await startSimulator({
    port: number("port"),
    latencyMs: number("latency-ms"),
    dify: {
      seed,
      now,
      version,
      executions: number("dify-executions"),
      perHour: number("dify-per-hour"),
      clampTo: number("dify-clamp-to"),
      offsetCostMs: number("dify-offset-cost-ms"),
      microseconds: values["dify-whole-seconds"] !== true,
      ties: values["dify-shuffle-ties"] === true ? "shuffled" : "fixed",
    },
    alloy: {
      seed,
      now,
      executions: number("alloy-executions"),
      perHour: number("alloy-per-hour"),
      workflows: number("alloy-workflows"),
      users: number("alloy-users"),
      maxPageSize: number("alloy-max-page-size"),
      offsetCostMs: number("alloy-offset-cost-ms"),
    },
    prefect: {
      seed,
      now,
      ties,
      executions: number("prefect-executions"),
      perHour: number("prefect-per-hour"),
      flows: number("prefect-flows"),
      clampTo: number("prefect-clamp-to"),
      offsetCostMs: number("prefect-offset-cost-ms"),
      authString: values["prefect-auth-string"],
      apiKey: values["prefect-api-key"],
    },
    n8n: {
      seed,
      now,
      executions: number("n8n-executions"),
      perHour: number("n8n-per-hour"),
      workflows: number("n8n-workflows"),
    },
  })
  const { url, dify, alloy, n8n, prefect } = simulator
  const line = {
    url,
    dify: { baseUrl: dify.baseUrl, apiKey: dify.apiKey },
    alloy: {
      baseUrl: alloy.baseUrl,
      apiKey: alloy.apiKey,
      workflowIds: alloy.workflowIds,
      userIds: alloy.userIds,
    },
    prefect: {
      baseUrl: prefect.baseUrl,
      authString: prefect.authString,
      apiKey: prefect.apiKey,
      flowIds: prefect.flowIds,
    },
    n8n: { baseUrl: n8n.baseUrl, apiKey: n8n.apiKey, workflowIds: n8n.workflowIds },
  }
  output.write(`${JSON.stringify(line)}\n`)
  if (values["until-stdin-closes"] === true)
    input.once("close", () => void simulator.stop()).resume()
  return simulator
}
