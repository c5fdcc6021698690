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
    `${endpoint.route} ignored the ${bound === "since" ? "lower" : "upper"} time bound; going on by pages and filtering here, best effort: where one execution is deleted and another inserted between two requests, a third may be missed.`,
  )

/** The server lists below the bound that it was given. */
export const lowerBoundIgnored = ({ endpoint }: Plan): Warning =>
  warningOf(
    "bound_ignored",
    `${endpoint.route} ignored the lower time bound; reading stops below it, filtered here.`,
  )

/** More events are due than are remembered. */
export const startsForgotten: Warning = warningOf(
  "starts_forgotten",
  `More than ${mostRemembered} executions were given whose start is still due: some may be given again.`,
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
        `${route} did not list in the order of its time; an execution may be missed.`,
      ),
    )
  }
  const isInsideInstant = state.walk === "windows" && state.bound !== null && state.place > 0
  if (isInsideInstant || splitsInstant(plan, state, rows)) {
    warnings.push(
      warningOf(
        "crowded_instant",
        `${route} lists more items in one instant than one page holds; each is given once only if the provider keeps their order.`,
      ),
    )
  }
  if (state.check === "pair" && rows.some((row) => !isKnown(order, state, row))) {
    warnings.push(
      warningOf(
        "pages_apart",
        `${route} gives pages of so few rows that they cannot overlap; what is inserted and deleted between two of them may hide an execution.`,
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
