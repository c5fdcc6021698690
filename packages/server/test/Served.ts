import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { type Simulator, startSimulator } from "@execlog/simulator"
import { vi } from "vitest"
import { type RunningServer, serve, type ServeOptions } from "../src/index.js"

/** A server of a simulated Dify, with its store in a folder of its own. */
export interface Served extends AsyncDisposable {
  readonly server: RunningServer
  readonly simulator: Simulator
  /** The address of its store. */
  readonly store: string
  /** Sends a request to a path. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>
  /** The JSON at a path. */
  readonly read: (path: string, init?: RequestInit) => Promise<unknown>
  /** Syncs its connection now, and waits until it is done. */
  readonly sync: () => Promise<void>
}

/** The name of its connection. */
export const connection = "support-bot"

/** A token that may do everything. */
export const token = "0123456789abcdef-write"

/** So long that no sync begins by itself. */
const never = 24 * 60 * 60_000

/** Serves a simulated history of so many executions, which was synced once. */
export const served = async (
  options: Partial<ServeOptions> = {},
  executions = 30,
): Promise<Served> => {
  const simulator = await startSimulator({ dify: { executions } })
  const { baseUrl, apiKey } = simulator.dify
  const client = createClient(dify({ baseUrl, apiKey }), { name: connection })
  const folder = await mkdtemp(join(tmpdir(), "execlog-server-"))
  const store = join(folder, "execlog.db")
  const server = await serve({
    store,
    connections: [client],
    intervalMs: never,
    port: 0,
    onWarning: () => {},
    ...options,
  })
  const headers: HeadersInit =
    options.tokens === undefined ? {} : { authorization: `Bearer ${token}` }
  const ask = (path: string, init?: RequestInit) => fetch(new URL(path, server.url), init)
  const countSyncs = async (): Promise<number> => {
    const text = await (await ask("/metrics", { headers })).text()
    return Number(/^execlog_syncs_total\{.*\} (\d+)$/m.exec(text)?.[1] ?? 0)
  }
  const untilSynced = (least: number) =>
    vi.waitFor(
      async () => {
        if ((await countSyncs()) < least) throw new Error(`fewer than ${least} syncs are done`)
      },
      { timeout: 30_000, interval: 5 },
    )
  if (options.connections === undefined) await untilSynced(1)
  return {
    server,
    simulator,
    store,
    ask,
    read: async (path, init) => (await ask(path, init)).json(),
    sync: async () => {
      const before = await countSyncs()
      await ask(`/api/connections/${connection}/sync`, { method: "POST", headers })
      await untilSynced(before + 1)
    },
    [Symbol.asyncDispose]: async () => {
      await server.close()
      await simulator.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
