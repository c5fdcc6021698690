import type { LogQuery, QueryPlan } from "@execlog/core"
import type { OpenConnection } from "../connections/Connections.js"
import type { Notices } from "../session/Notices.js"

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

/** Null where the query cannot be planned: asking for it says why. */
export const planOf = (explain: () => QueryPlan): QueryPlan | null => {
  try {
    return explain()
  } catch {
    return null
  }
}
