import type { Readable, Writable } from "node:stream"
import { parseArgs } from "node:util"
import { n8nStatusWords } from "./n8n/StatusWords.js"
import { prefectDenied } from "./prefect/Options.js"
import { type Simulator, type SimulatorOptions, startSimulator } from "./Simulator.js"

const usage = `node dist/serve.js
  [--port 0] [--latency-ms 0] [--now 2026-11-21T08:00:00Z] [--seed 1] [--until-stdin-closes]
  [--dify-executions 250] [--dify-per-hour 120] [--dify-version 1.12.1|newer|older] [--dify-clamp-to N]
  [--dify-offset-cost-ms 0] [--dify-whole-seconds] [--dify-shuffle-ties] [--dify-max-page-size 100]
  [--dify-run-times seconds|text]
  [--alloy-executions 250] [--alloy-per-hour 120] [--alloy-workflows 3] [--alloy-users 5]
  [--alloy-max-page-size N] [--alloy-rejects-above N] [--alloy-offset-cost-ms 0]
  [--prefect-executions 250] [--prefect-per-hour 120] [--prefect-flows 4] [--prefect-clamp-to N]
  [--prefect-offset-cost-ms 0] [--prefect-auth-string user:password] [--prefect-api-key KEY]
  [--prefect-ties byQuery|fixed|shuffled] [--prefect-max-page-size 200]
  [--prefect-denied flows,task_runs]
  [--n8n-executions 250] [--n8n-per-hour 120] [--n8n-workflows 3] [--n8n-max-page-size 250]
  [--n8n-words canceled,error,running,success,waiting] [--n8n-start-times] [--n8n-engine 1|2]
  [--n8n-without-status] [--n8n-without-successes] [--n8n-spoiled ID,…]
Prints one line of JSON with the URLs and keys, and runs until SIGTERM or SIGINT.`

const text = { type: "string" } as const
const flag = { type: "boolean" } as const

const options = {
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
  "dify-max-page-size": text,
  "dify-run-times": text,
  "alloy-executions": text,
  "alloy-per-hour": text,
  "alloy-workflows": text,
  "alloy-users": text,
  "alloy-max-page-size": text,
  "alloy-rejects-above": text,
  "alloy-offset-cost-ms": text,
  "prefect-executions": text,
  "prefect-per-hour": text,
  "prefect-flows": text,
  "prefect-clamp-to": text,
  "prefect-offset-cost-ms": text,
  "prefect-auth-string": text,
  "prefect-api-key": text,
  "prefect-ties": text,
  "prefect-max-page-size": text,
  "prefect-denied": text,
  "n8n-executions": text,
  "n8n-per-hour": text,
  "n8n-workflows": text,
  "n8n-max-page-size": text,
  "n8n-words": text,
  "n8n-start-times": flag,
  "n8n-engine": text,
  "n8n-without-status": flag,
  "n8n-without-successes": flag,
  "n8n-spoiled": text,
} as const

/** The word of an option that takes one of some words; undefined where it is not given. */
const wordOf = <Word extends string>(
  option: string,
  value: string | undefined,
  words: ReadonlyArray<Word>,
): Word | undefined => {
  const word = words.find((known) => known === value)
  if (value !== undefined && word === undefined)
    throw new TypeError(`${option} takes ${words.join(", ")}, not ${value}`)
  return word
}

const parse = (args: Array<string>) => parseArgs({ args, options }).values

/** The options of a simulator that the arguments describe. */
const readOptions = (values: ReturnType<typeof parse>): SimulatorOptions => {
  const number = (name: keyof typeof values) => {
    const value = values[name]
    if (value === undefined) return undefined
    const read = Number(value)
    if (!Number.isFinite(read) || read < 0)
      throw new TypeError(`--${name} takes a number from 0, not ${String(value)}`)
    return read
  }
  const now = values.now === undefined ? undefined : new Date(values.now)
  if (now !== undefined && Number.isNaN(now.getTime()))
    throw new TypeError(`--now takes an ISO 8601 time, not ${values.now}`)
  const list = (name: "n8n-spoiled" | "n8n-words" | "prefect-denied") => values[name]?.split(",")
  const version = wordOf("--dify-version", values["dify-version"], ["1.12.1", "newer", "older"])
  const runTimes = wordOf("--dify-run-times", values["dify-run-times"], ["seconds", "text"])
  const ties = wordOf("--prefect-ties", values["prefect-ties"], ["byQuery", "fixed", "shuffled"])
  const denied = list("prefect-denied")?.flatMap(
    (word) => wordOf("--prefect-denied", word, prefectDenied) ?? [],
  )
  const words = list("n8n-words")?.flatMap(
    (word) => wordOf("--n8n-words", word, n8nStatusWords) ?? [],
  )
  const engine = wordOf("--n8n-engine", values["n8n-engine"], ["1", "2"])
  const seed = number("seed")
  return {
    port: number("port"),
    latencyMs: number("latency-ms"),
    dify: {
      seed,
      now,
      version,
      runTimes,
      maxPageSize: number("dify-max-page-size"),
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
      rejectsAbove: number("alloy-rejects-above"),
      offsetCostMs: number("alloy-offset-cost-ms"),
    },
    prefect: {
      seed,
      now,
      ties,
      denied,
      maxPageSize: number("prefect-max-page-size"),
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
      maxPageSize: number("n8n-max-page-size"),
      words,
      startTimes: values["n8n-start-times"],
      engine: engine === "2" ? 2 : 1,
      tellsStatus: values["n8n-without-status"] !== true,
      savesSuccesses: values["n8n-without-successes"] !== true,
      spoiled: list("n8n-spoiled"),
    },
  }
}

/** The addresses, keys and ids that a program needs to use a simulator. */
const accessTo = ({ url, dify, alloy, n8n, prefect }: Simulator) => ({
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
})

/** Starts a simulator as the arguments say, and prints one line of JSON; null where they ask for help. */
export const serve = async (
  args: Array<string>,
  input: Readable,
  output: Writable,
): Promise<Simulator | null> => {
  const values = parse(args)
  if (values.help === true) {
    output.write(`${usage}\n`)
    return null
  }
  const simulator = await startSimulator(readOptions(values))
  output.write(`${JSON.stringify(accessTo(simulator))}\n`)
  if (values["until-stdin-closes"] === true)
    input.once("close", () => void simulator.stop()).resume()
  return simulator
}
