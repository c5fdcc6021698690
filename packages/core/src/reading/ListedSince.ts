import type { Subject } from "../model/AdapterError.js"
import type { LogPage } from "../model/LogPage.js"
import { invalidQuery } from "../model/LogQuery.js"
import { narrowPlan, type Plan } from "../walk/Plan.js"

const subject: Subject = { kind: "option", name: "listedSince" }

/** A plan whose walk ends below a listing time. */
export interface SincePlan {
  readonly plan: Plan
  /** Whether the walk ends with this page. */
  readonly isBelow: (page: Pick<LogPage, "listed">) => boolean
}

/** Ends a walk below a listing time. Throws `InvalidQuery`. */
export const listedSince = (plan: Plan, since: Date | undefined): SincePlan => {
  if (since === undefined) return { plan, isBelow: () => false }
  const at = since.getTime()
  if (plan.query.order !== "newest") {
    throw invalidQuery(
      "The option listedSince requires the newest first, but the order is oldest.",
      {
        subject,
      },
    )
  }
  // A list ordered by numbers is only nearly in the order of the starts: it ends with a page that is
  // entirely below.
  return plan.endpoint.time.isSequence
    ? { plan, isBelow: ({ listed }) => listed.to !== null && listed.to.getTime() < at }
    : { plan: narrowPlan(plan, Math.max(at, plan.lowest ?? at)), isBelow: () => false }
}
