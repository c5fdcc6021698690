import { createClient, type Json, type LogQuery } from "@execlog/core"
import { type Connection, parseJson } from "@execlog/core/adapter"
import { ContractViolation } from "../kit/ContractViolation.js"
import { asksJoin, asksWithin, withinOf, withoutJoins } from "../kit/JoinExchanges.js"
import { isArray } from "../kit/JsonPath.js"
import { endpointNamed, type ListEndpoint } from "../kit/ListEndpoint.js"
import type { MadeExecution, ProviderServer, ServedAdapter } from "../kit/ProviderServer.js"
import { connect, connectionName } from "../kit/Subject.js"
import type { Target } from "./Fault.js"

/** A few pages of executions of one workflow, some overlapping. */
export const history: ReadonlyArray<MadeExecution> = Array.from({ length: 24 }, (_, index) => ({
  startedAt: Date.parse("2026-11-21T07:00:00Z") + index * 60_000,
  durationMs: 1500 + (index % 4) * 30_000,
  outcome: index % 3 === 0 ? ("failed" as const) : ("succeeded" as const),
  delayMs: 0,
  workflow: 0,
  actor: index % 3,
}))

const pageSize = 6

/** An endpoint whose server is not started yet. */
export interface PreparedTarget {
  readonly route: string
  readonly at: (connection: Connection) => Target
}

/** The endpoints of an adapter: its lists with their joins, and `get` if it has one. */
export const prepareTargets = async (
  { adapter, endpoints }: ServedAdapter,
  server: ProviderServer,
): Promise<ReadonlyArray<PreparedTarget>> => {
  const { ids } = server
  // In the middle, with others before and after it.
  const victim = ids[ids.length >> 1] ?? ""
  const sound = connect(adapter, server.settings)
  const targets: Array<PreparedTarget> = []
  for (const { query } of endpoints) {
    const asked = query(server)
    const whole = { ...asked, include: [...(asked.include ?? []), "raw" as const], pageSize }
    const seen = await readSound(server, withoutJoins(sound), whole)
    const endpointOf = (connection: Connection) => endpointFor(connection, whole)
    const { fold, route, joins, gives } = endpointOf(sound)
    const raw = seen.raws.get(victim) ?? null
    const [first = raw, ...rest] = fold !== null && isArray(raw) ? raw : [raw]
    const common = { statuses: adapter.statuses, ids, victim, items: [first, ...rest] } as const
    targets.push({
      route,
      at: (connection) => ({
        ...common,
        route,
        connection: withoutJoins(connection),
        firstBroken: 1,
        join: null,
        list: { endpoint: endpointOf(connection), query: whole, firstBody: seen.firstBody },
      }),
    })
    for (const use of withinOf({ ...sound, list: endpointOf(sound), detail: null })) {
      targets.push({
        route: use.join.route,
        at: (connection) => ({
          ...common,
          route: use.join.route,
          connection: withoutJoins(connection),
          firstBroken: 0,
          join: use,
          isNeeded: true,
          list: { endpoint: endpointOf(connection), query: whole, firstBody: seen.firstBody },
        }),
      })
    }
    for (const join of joins) {
      // With every include that may need the join.
      const including = { ...whole, include: gives }
      const alone = withoutJoins(sound, join.name)
      const { requests } = await readSound(server, alone, including)
      const isJoin = requests.map((request) => asksJoin(alone, join, request))
      if (!isJoin.includes(true)) continue
      targets.push({
        route: join.join.route,
        at: (connection) => ({
          ...common,
          route: join.join.route,
          connection: withoutJoins(connection, join.name),
          // The join's first request for the second page.
          firstBroken: isJoin.indexOf(false, 1) - 1,
          join,
          list: { endpoint: endpointOf(connection), query: including, firstBody: seen.firstBody },
        }),
      })
    }
  }
  const { get } = sound
  if (get === null) return targets
  const client = createClient(withoutJoins(sound), { name: connectionName, fetch: server.fetch })
  const { raw = null } = await client.get(victim, { include: ["raw"] })
  const target: PreparedTarget = {
    route: get.route,
    at: (connection) => ({
      route: get.route,
      connection: withoutJoins(connection),
      statuses: adapter.statuses,
      firstBroken: 0,
      join: null,
      list: null,
      ids: [victim],
      victim,
      items: [raw],
    }),
  }
  return [...targets, target]
}

const endpointFor = (connection: Connection, query: LogQuery): ListEndpoint =>
  endpointNamed(connection, createClient(connection).explain(query).endpoint)

/** Reads everything from a healthy server. Throws if executions are missing. */
const readSound = async (
  { fetch, ids }: ProviderServer,
  connection: Connection,
  query: LogQuery,
) => {
  const requests: Array<{ readonly method: string; readonly path: string }> = []
  const bodies: Array<Json> = []
  const client = createClient(connection, {
    name: connectionName,
    fetch: async (input, init) => {
      const request = { method: init?.method ?? "GET", path: new URL(String(input)).pathname }
      const response = await fetch(input, init)
      if (asksWithin(connection, request)) return response
      requests.push(request)
      const text = await response.text()
      bodies.push(parseJson(text) ?? null)
      return new Response(text, response)
    },
  })
  const raws = new Map<string, Json>()
  for await (const { id, raw } of client.executions(query)) raws.set(id, raw ?? null)
  if (ids.some((id) => !raws.has(id)) || raws.size !== ids.length) {
    throw new ContractViolation({
      found: `${client.explain(query).endpoint} returns ${raws.size} of ${ids.length} executions without a fault.`,
      expected: "all executions of the server",
      why: "Losses without a fault would be mistaken for losses by one.",
    })
  }
  return { raws, requests, firstBody: bodies[0] ?? null }
}
