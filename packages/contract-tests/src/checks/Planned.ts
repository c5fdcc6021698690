import { type Execution, isTerminal, type LogQuery } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { listFixtures } from "../kit/Subject.js"
import { type ItemServer, itemServers } from "./ItemServer.js"

/** Planned executions are omitted unless the query asks for them. */
export const plannedExecutions: AdapterCheck = {
  promise: "omits planned executions unless the query has planned, and declares listsPlanned",
  appliesTo: (subject) => listFixtures(subject).length > 0,
  run: async (subject) => {
    for (const server of itemServers(subject)) {
      const { endpoint, route } = server
      const { executions } = await server.read({})
      const due = executions.filter(({ scheduledFor }) => scheduledFor !== null)
      const lists = endpoint.time.listsPlanned === true
      holds(due.length === 0 || lists, () => ({
        found: `${route} returns scheduledFor for ${due.length} executions, such as ${due[0]?.id}, but does not declare listsPlanned.`,
        expected: "time.listsPlanned: true, or no scheduledFor",
        why: "Executions planned for next week fill the list of today's.",
      }))
      holds(!lists || due.length > 0, () => ({
        found: `${route} declares listsPlanned, but returns no scheduledFor for any of ${executions.length} executions.`,
        expected: "scheduledFor for planned executions, or no listsPlanned",
        why: "Without scheduledFor, planned executions cannot be omitted.",
      }))
      const open = due.find(({ startedAt, status }) => startedAt === null && !isTerminal(status))
      if (open !== undefined) await assertPlanned(server, open)
    }
  },
}

/** One hour before the scheduled time. */
const assertPlanned = async (
  { read, route, now }: ItemServer,
  { id, scheduledFor }: Execution,
): Promise<void> => {
  const before = new Date((scheduledFor ?? new Date(now)).getTime() - 3_600_000).toISOString()
  const holdsIt = async (query: LogQuery) =>
    (await read(query, { now: before })).executions.some((one) => one.id === id)
  for (const planned of [false, true]) {
    const isGiven = await holdsIt({ planned })
    holds(isGiven === planned, () => ({
      found: `${route}, at ${before}: execution ${id}, scheduled for ${shown(scheduledFor)}, is ${isGiven ? "returned" : "omitted"} with planned: ${planned}.`,
      expected: planned ? "it to be returned" : "it to be omitted",
      why: "Planned executions are not history; queries must ask for them.",
    }))
  }
}
