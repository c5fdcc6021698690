import { type Connection, createClient, type Json, parseJson } from "@execlog/core"
import { ContractViolation } from "../ContractViolation.js"
import { isArray } from "../JsonPath.js"
import type { MadeExecution, ProviderServer, ServedAdapter } from "../ProviderServer.js"
import { connect, connectionName } from "../Subject.js"
import type { Target } from "./Fault.js"

/** A few pages of executions, all of one workflow, some of which overlap. */
export const history: ReadonlyArray<MadeExecution> = Array.from({ length: 24 }, (_, index) => ({
  startedAt: Date.parse("2026-11-21T07:00:00Z") + index * 60_000,
  durationMs: 1500 + (index % 4) * 30_000,
  outcome: index % 3 === 0 ? ("failed" as const) : ("succeeded" as const),
  delayMs: 0,
  workflow: 0,
  actor: index % 3,
}))

const pageSize = 6

/** An endpoint before a server of its own was started. */
export interface PreparedTarget {
  readonly route: string
  readonly at: (connection: Connection) => Target
}

/** The endpoints of an adapter: each list that it serves, and `get` where there is one. */
export const prepareTargets = async (
  { adapter, endpoints }: ServedAdapter,
  server: ProviderServer,
): Promise<ReadonlyArray<PreparedTarget>> => {
  const { ids } = server
  // In the middle, so that others come before and after it.
  const victim = ids[ids.length >> 1] ?? ""
  const sound = connect(adapter, server.settings)
  const lists = await Promise.all(
    endpoints.map(async ({ query }): Promise<PreparedTarget> => {
      const asked = query(server)
      const whole = { ...asked, include: [...(asked.include ?? []), "raw" as const], pageSize }
      const bodies: Array<Json> = []
      const client = createClient(sound, {
        name: connectionName,
        fetch: async (input, init) => {
          const response = await server.fetch(input, init)
          const text = await response.text()
          bodies.push(parseJson(text) ?? null)
          return new Response(text, response)
        },
      })
      const raws = new Map<string, Json>()
      for await (const { id, raw } of client.executions(whole)) raws.set(id, raw ?? null)
      if (ids.some((id) => !raws.has(id)) || raws.size !== ids.length) {
        throw new ContractViolation({
          found: `${client.explain(whole).endpoint} gives ${raws.size} of ${ids.length} executions while nothing goes wrong.`,
          expected: "all that the server was started with",
          why: "What is lost without a fault cannot be told from what is lost by one.",
        })
      }
      const endpointOf = ({ list, detail }: Connection) =>
        detail !== null && client.explain(whole).endpoint === detail.name ? detail : list
      const { fold, route } = endpointOf(sound)
      const raw = raws.get(victim) ?? null
      const [first = raw, ...rest] = fold !== null && isArray(raw) ? raw : [raw]
      return {
        route,
        at: (connection) => ({
          route,
          connection,
          statuses: adapter.statuses,
          list: {
            endpoint: endpointOf(connection),
            query: whole,
            firstBody: bodies[0] ?? null,
          },
          ids,
          victim,
          items: [first, ...rest],
        }),
      }
    }),
  )
  const { get } = sound
  if (get === null) return lists
  const client = createClient(sound, { name: connectionName, fetch: server.fetch })
  const { raw = null } = await client.get(victim, { include: ["raw"] })
  const target: PreparedTarget = {
    route: get.route,
    at: (connection) => ({
      route: get.route,
      connection,
      statuses: adapter.statuses,
      list: null,
      ids: [victim],
      victim,
      items: [raw],
    }),
  }
  return [...lists, target]
}
