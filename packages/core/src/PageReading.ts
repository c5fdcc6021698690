import * as Effect from "effect/Effect"
import { exceedsCursor } from "./Cursor.js"
import type { Plan } from "./QueryPlan.js"
import type { Requests } from "./Requests.js"
import { isBeyond, readRows } from "./Row.js"
import { mostRepeats, pageParams, type Taken, takePage } from "./Walk.js"
import type { WalkState } from "./WalkState.js"

/** Reads the page at which a walk stands; asks again where an answer does not follow on. */
export const readPage = Effect.fnUntraced(function* (
  requests: Requests,
  plan: Plan,
  start: WalkState,
) {
  const { endpoint, query } = plan
  let state = start
  const warnings = new Set<string>()
  for (;;) {
    const body = yield* requests.send(endpoint.request(query, pageParams(plan, state)), "list")
    const page = endpoint.page(body)
    if (!page.ok) {
      const { message } = requests.problem(200, body)
      return yield* requests.fail({
        reason: "Decode",
        message: `${requests.title} answered ${endpoint.route} with something that is not a page: ${message ?? page.reason}.`,
        operation: "list",
        providerMessage: message ?? null,
      })
    }
    const rows = readRows(endpoint, page.value.items)
    const step = takePage(plan, state, page.value, rows)
    for (const warning of step.warnings) warnings.add(warning)
    if (step.taken && isLearningAgain(plan, state, step)) {
      state = step.next
      continue
    }
    if (step.taken) {
      if (step.next !== null && step.next.repeats > mostRepeats) {
        return yield* requests.fail({
          reason: "Decode",
          message: `${endpoint.route} says that more follows, but gave the same, or nothing, in ${mostRepeats} pages.`,
          operation: "list",
          hint: "The provider repeats itself; narrow the query by time, or report it to the adapter's author.",
        })
      }
      if (step.next !== null && exceedsCursor(step.next)) {
        warnings.add(
          "More executions share one instant than a cursor can carry: resumed here, the walk is bestEffort.",
        )
      }
      return { state, info: page.value, rows, step: { ...step, warnings: [...warnings] } }
    }
    state = step.state
  }
})

/**
 * What a cursor could not carry is read again, from above its position: pages that hold nothing new
 * are no pages of the caller's, or a walk from cursor to cursor would never get on.
 */
const isLearningAgain = (
  plan: Plan,
  state: WalkState,
  step: Taken,
): step is Taken & { readonly next: WalkState } =>
  plan.endpoint.fold !== null &&
  step.next !== null &&
  step.found.length + step.refused.length === 0 &&
  state.key !== null &&
  state.bound !== null &&
  isBeyond(plan.query.order, state.key.at, state.bound)
