import { type Warning, warningOf } from "../model/Warning.js"
import { mostRemembered } from "./Fold.js"
import type { Plan } from "./Plan.js"
import { isDisordered, isKnown, type Row, wasRead } from "./Row.js"
import type { WalkState } from "./WalkState.js"

/** What a page shows of its server that may cost an execution. */

/** The server does not know the bound of a window. */
export const windowIgnored = ({ endpoint }: Plan, bound: "since" | "until"): Warning =>
  warningOf(
    "bound_ignored",
    `${endpoint.route} ignored the ${bound === "since" ? "lower" : "upper"} time bound, so it is read page by page. If one execution is deleted and another inserted between two requests, a third may be missed.`,
  )

/** The server lists below the bound that it was given. */
export const lowerBoundIgnored = ({ endpoint }: Plan): Warning =>
  warningOf(
    "bound_ignored",
    `${endpoint.route} ignored the lower time bound; execlog filters by it and stops reading below it.`,
  )

/** More events are due than are remembered. */
export const startsForgotten: Warning = warningOf(
  "starts_forgotten",
  `More than ${mostRemembered} executions were returned before the event of their start was read: some may be returned again.`,
)

/** What is told by the rows of a page, before they are taken. */
export const rowWarnings = (
  plan: Plan,
  state: WalkState,
  rows: ReadonlyArray<Row>,
): ReadonlyArray<Warning> => {
  const { order } = plan.query
  const { route } = plan.endpoint
  const warnings: Array<Warning> = []
  if (isDisordered(order, rows)) {
    warnings.push(
      warningOf(
        "order_broken",
        `${route} is not sorted by its listing time; an execution may be missed.`,
      ),
    )
  }
  const isInsideInstant = state.walk === "windows" && state.bound !== null && state.place > 0
  if (isInsideInstant || splitsInstant(plan, state, rows)) {
    warnings.push(
      warningOf(
        "crowded_instant",
        `${route} lists more items at one instant than fit on a page; each is returned once only if the provider keeps their order.`,
      ),
    )
  }
  if (state.check === "pair" && rows.some((row) => !isKnown(order, state, row))) {
    warnings.push(
      warningOf(
        "pages_apart",
        `${route} returns pages too short to overlap; an insertion and a deletion between two of them may hide an execution.`,
      ),
    )
  }
  return warnings
}

/** Whether an instant goes on over the edge of a page: beyond it, only the provider's order tells. */
const splitsInstant = (plan: Plan, state: WalkState, rows: ReadonlyArray<Row>): boolean =>
  (state.check === "row" || state.check === "pair") &&
  rows.some(
    (row) => row.ok && row.at === state.key?.at && !wasRead(plan.query.order, state.key, row),
  )
