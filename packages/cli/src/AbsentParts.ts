import type { LogQuery, QueryPlan } from "@execlog/core"
import type { OpenConnection } from "./Connections.js"
import type { Notices } from "./Notices.js"

/** Says what of --include a list cannot give, which would else look as if there were none. */
export const warnOfAbsent = (
  { client, label }: OpenConnection,
  query: LogQuery,
  notices: Notices,
): void => {
  const plan = planOf(() => client.explain(query))
  if (plan === null || plan.absent.length === 0) return
  const parts = plan.absent.join(", ")
  const note = plan.notes.find((candidate) => candidate.includes(parts))
  notices.warn(
    `${label}: --include: ${parts} ${plan.absent.length === 1 ? "stays" : "stay"} absent` +
      (note === undefined ? "." : `: ${note.replace("; get gives", "; execlog get gives")}`),
  )
}

/** Says what a list leaves out where no status is asked for, and how to have it. */
export const warnOfOmitted = (
  { client, label }: OpenConnection,
  query: LogQuery,
  notices: Notices,
): void => {
  const omits = planOf(() => client.explain(query))?.omits ?? []
  if (omits.length === 0) return
  const asked = omits.filter((status) =>
    planOf(() => client.explain({ ...query, status: [status] })),
  )
  const ways = [
    ...asked.map((status) => `--status ${status}`),
    "execlog get for one by its id",
    "execlog sync, which keeps them",
  ]
  notices.warn(
    `${label}: the list leaves out what is ${omits.join(", ")}. To see it: ${ways.join("; ")}.`,
  )
}

/** Null where the query cannot be planned: asking for it says why. */
const planOf = (explain: () => QueryPlan): QueryPlan | null => {
  try {
    return explain()
  } catch {
    return null
  }
}
