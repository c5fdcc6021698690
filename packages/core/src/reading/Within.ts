import * as Effect from "effect/Effect"
import type { Json } from "../model/Json.js"
import { redactRejected } from "../model/Masking.js"
import type { Requests } from "../transport/Requests.js"
import type { Plan } from "../walk/Plan.js"
import { gather, readPages } from "./JoinPages.js"

/**
 * The plan with the ids that each request of its list must name. Without any, the plan is empty. An id
 * that cannot be read is an error: all that is listed by it would be missing.
 */
export const withIds = Effect.fnUntraced(function* (
  requests: Requests,
  plan: Plan,
  operation: string,
) {
  const { within, route } = plan.endpoint
  if (plan.isEmpty || within?.when(plan.query) !== true) return plan
  const { join, most } = within
  const gathered = gather(join)
  yield* readPages({ requests, join, operation, isTrial: false }, [], gathered)
  const ids = [...gathered.rows.keys()]
  const [unread] = gathered.rejected
  if (unread !== undefined) {
    // It came from JSON.parse, so it is JSON.
    const { reason } = redactRejected(plan.source.redact, unread.raw as Json, unread.fault)
    return yield* requests.fail({
      reason: "Decode",
      message: `${requests.title} answered ${join.route} with a row that could not be read: ${reason}.`,
      operation,
    })
  }
  if (ids.length > most) {
    return yield* requests.fail({
      reason: "Unsupported",
      message: `${requests.title} has ${ids.length} ids in ${join.route}; one request of ${route} can name ${most}.`,
      operation,
      hint: "report",
    })
  }
  return { ...plan, within: ids, isEmpty: ids.length === 0 }
})
