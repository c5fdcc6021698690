/** A company that is made up, to look at a server without any account. The build bundles all of it. */
import { setTimeout as wait } from "node:timers/promises"
import { alloy } from "@execlog/alloy"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { n8n } from "@execlog/n8n"
import { prefect } from "@execlog/prefect"
import { type Simulator, startSimulator } from "@execlog/simulator"
import type { SyncClient } from "@execlog/store"

/** The made-up company: its connections, as `serve` takes them. */
export interface Demo {
  readonly connections: ReadonlyArray<DemoConnection>
  readonly stop: () => Promise<void>
}

/** A connection of the demo. */
export interface DemoConnection {
  readonly name: string
  readonly provider: string
  readonly open: () => Promise<SyncClient>
  readonly intervalMs: number
}

const intervalMs = 2000

/** Starts the providers' APIs on this machine, with a history up to now that goes on. */
export const startDemo = async (): Promise<Demo> => {
  const made = { seed: 7, now: new Date() }
  const simulator = await startSimulator({
    dify: { ...made, executions: 4000, perHour: 55 },
    alloy: { ...made, executions: 2000, perHour: 28 },
    n8n: { ...made, executions: 600, perHour: 9 },
    prefect: { ...made, executions: 400, perHour: 6 },
  })
  const stopping = new AbortController()
  const going = goOn(simulator, stopping.signal)
  const workflow = { id: "support-bot", name: "Support bot" }
  const connections = {
    "support-bot": dify({ ...accessTo(simulator.dify), workflow }),
    production: alloy(accessTo(simulator.alloy)),
    shop: n8n(accessTo(simulator.n8n)),
    etl: prefect({ baseUrl: simulator.prefect.baseUrl }),
  }
  return {
    connections: Object.entries(connections).map(([name, connection]) => {
      const client = createClient(connection, { name })
      const { provider } = client
      return { name, provider, intervalMs, open: () => Promise.resolve(client) }
    }),
    stop: async () => {
      stopping.abort()
      await going
      await simulator.stop()
    },
  }
}

const accessTo = ({ apiKey, baseUrl }: { readonly apiKey: string; readonly baseUrl: string }) => ({
  apiKey,
  baseUrl,
})

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
