import * as Effect from "effect/Effect"
import { exceedsCursor } from "./Cursor.js"
import type { Plan } from "./QueryPlan.js"
import type { Requests } from "./Requests.js"
import { readRows } from "./Row.js"
import { mostIdlePages, pageParams, takePage } from "./Walk.js"
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
    if (step.taken) {
      if (step.next !== null && step.next.idle > mostIdlePages) {
        return yield* requests.fail({
          reason: "Decode",
          message: `${endpoint.route} says that more follows, but gave nothing new in ${mostIdlePages} pages.`,
          operation: "list",
          hint: "The provider repeats itself; narrow the query by time, or report it to the adapter's author.",
        })
      }
      if (step.next !== null && exceedsCursor(step.next)) {
        warnings.add(
          "More executions share one instant than a cursor can carry: resumed here, the walk is bestEffort.",
        )
      }
      return { state, rows, step: { ...step, warnings: [...warnings] } }
    }
    state = step.state
  }
})
