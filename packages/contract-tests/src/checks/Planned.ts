import { type Execution, isTerminal, type LogQuery } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { listFixtures } from "../kit/Subject.js"
import { type ItemServer, itemServers } from "./ItemServer.js"

/** What is due later is left out, unless it is asked for. */
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
        found: `${route} tells when ${due.length} executions were due, such as ${due[0]?.id}, and does not declare listsPlanned.`,
        expected: "time.listsPlanned: true, or no scheduledFor",
        why: "What is planned for next week fills the list of what ran today.",
      }))
      holds(!lists || due.length > 0, () => ({
        found: `${route} declares listsPlanned, and tells of none of ${executions.length} executions when it was due.`,
        expected: "scheduledFor of those that are planned, or no listsPlanned",
        why: "What is due later is told by it alone, and cannot be left out.",
      }))
      const open = due.find(({ startedAt, status }) => startedAt === null && !isTerminal(status))
      if (open !== undefined) await assertPlanned(server, open)
    }
  },
}

/** As a clock shows it that stands an hour before it is due. */
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
      found: `${route}, at ${before}: execution ${id}, due ${shown(scheduledFor)}, is ${isGiven ? "given" : "left out"} with planned: ${planned}.`,
      expected: planned ? "it to be given" : "it to be left out",
      why: "What is planned is no part of what happened, and is there for who asks.",
    }))
  }
}
