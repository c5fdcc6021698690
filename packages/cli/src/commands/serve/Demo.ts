import { setTimeout as wait } from "node:timers/promises"
import { createClient } from "@execlog/core"
import type { Simulator } from "@execlog/simulator"
import type { SyncClient } from "@execlog/store"
import { findAdapter } from "../../connections/AdapterLookup.js"
import { UsageError } from "../../session/UsageError.js"

/** A company that is made up, whose executions can be looked at without any account. */
export interface Demo {
  readonly connections: ReadonlyArray<DemoConnection>
  readonly stop: () => Promise<void>
}

/** A connection of the demo, as a server syncs it. */
interface DemoConnection {
  readonly name: string
  readonly provider: string
  readonly open: () => Promise<SyncClient>
  readonly intervalMs: number
}

const intervalMs = 2000

/** Starts the providers' APIs on this machine, with a history up to now that goes on. */
export const startDemo = async (directory: string): Promise<Demo> => {
  const { startSimulator } = await import("@execlog/simulator").catch(() => {
    throw new UsageError(
      "The demo needs the package @execlog/simulator, which is not installed.",
      "npm install @execlog/simulator",
    )
  })
  const made = { seed: 7, now: new Date() }
  const simulator = await startSimulator({
    dify: { ...made, executions: 4000, perHour: 55 },
    alloy: { ...made, executions: 2000, perHour: 28 },
    n8n: { ...made, executions: 600, perHour: 9 },
    prefect: { ...made, executions: 400, perHour: 6 },
  })
  const stopping = new AbortController()
  const going = goOn(simulator, stopping.signal)
  const { dify, alloy, n8n, prefect } = simulator
  const workflow = { id: "support-bot", name: "Support bot" }
  const settings = [
    ["support-bot", "dify", { apiKey: dify.apiKey, baseUrl: dify.baseUrl, workflow }],
    ["production", "alloy", { apiKey: alloy.apiKey, baseUrl: alloy.baseUrl }],
    ["shop", "n8n", { apiKey: n8n.apiKey, baseUrl: n8n.baseUrl }],
    ["etl", "prefect", { baseUrl: prefect.baseUrl }],
  ] as const
  return {
    connections: settings.map(([name, provider, given]) => ({
      name,
      provider,
      intervalMs,
      open: async () => {
        const { adapter } = await findAdapter(provider, undefined, directory)
        return createClient(adapter(given), { name })
      },
    })),
    stop: async () => {
      stopping.abort()
      await going
      await simulator.stop()
    },
  }
}

const second = 1000

/** Lets executions begin and end at every provider, some of them badly, until it is stopped. */
const goOn = async (simulator: Simulator, signal: AbortSignal): Promise<void> => {
  const starts = [startDify, startAlloy, startN8n, startPrefect]
  const open: Array<{ readonly endsAt: number; readonly end: Ending }> = []
  for (let count = 0; !signal.aborted; count++) {
    const now = Date.now()
    const due = open.filter(({ endsAt }) => endsAt <= now)
    for (const one of due) {
      open.splice(open.indexOf(one), 1)
      // Every seventh fails, so that there is something to see.
      one.end(count % 7 !== 0, now)
    }
    const start = starts[count % starts.length]
    const takesMs = second * (2 + ((count * 7) % 25))
    if (start !== undefined) open.push({ endsAt: now + takesMs, end: start(simulator, now) })
    await wait(1500, undefined, { signal }).catch(() => {})
  }
}

type Ending = (isGood: boolean, at: number) => void

const startDify = ({ dify }: Simulator, at: number): Ending => {
  const { runId } = dify.insert({ status: "running", at })
  return (isGood, end) => dify.finish(runId, isGood ? "succeeded" : "failed", end)
}

const startAlloy = ({ alloy }: Simulator, startedAt: number): Ending => {
  const id = alloy.start({ workflow: 1, user: 2, startedAt })
  return (isGood, end) => alloy.finish(id, isGood ? "ok" : "error", end)
}

const startN8n = ({ n8n }: Simulator, startedAt: number): Ending => {
  const id = n8n.insert({ workflow: 1, startedAt })
  return (isGood, end) => n8n.finish(id, isGood ? "success" : "error", end)
}

const startPrefect = ({ prefect }: Simulator, expectedStartTime: number): Ending => {
  const id = prefect.insert({ state: "RUNNING", flow: 1, expectedStartTime })
  return (isGood, at) => prefect.setState(id, { type: isGood ? "COMPLETED" : "FAILED", at })
}
