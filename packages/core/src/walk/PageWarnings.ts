import { mayCount } from "../adapter/Pagination.js"
import { type Warning, warningOf } from "../model/Warning.js"
import { mostRemembered } from "./Fold.js"
import type { Plan } from "./Plan.js"
import { requirementOf } from "./PlanNotes.js"
import { isKnown, wasRead } from "./Position.js"
import { isDisordered, type Row } from "./Row.js"
import type { WalkState } from "./WalkState.js"
import { windowOf } from "./Window.js"

// Server behaviour, seen on a page, that may make a walk miss or repeat an execution.

/** The server ignores the bound of a window. */
export const windowIgnored = ({ endpoint }: Plan, bound: "since" | "until"): Warning =>
  warningOf(
    "bound_ignored",
    `${endpoint.route} ignored the ${bound === "since" ? "lower" : "upper"} time bound, so it is read page by page. If one execution is deleted and another inserted between two requests, a third may be missed.`,
    null,
    endpoint.route,
    bound,
  )

/** The server ignores the lower end of the query. */
export const lowerBoundIgnored = ({ endpoint }: Plan): Warning =>
  warningOf(
    "bound_ignored",
    `${endpoint.route} ignored the lower time bound; execlog filters by it and stops reading below it.`,
    null,
    endpoint.route,
  )

/** More executions wait for the event of their start than are remembered. */
export const startsForgotten: Warning = warningOf(
  "pending_starts_overflow",
  `More than ${mostRemembered} executions were returned before the event of their start was read: some may be returned again.`,
)

/** The warnings that follow from the rows of a page. */
export const rowWarnings = (
  plan: Plan,
  state: WalkState,
  rows: ReadonlyArray<Row>,
): ReadonlyArray<Warning> => {
  const { order } = plan.query
  const { route } = plan.endpoint
  const { paging, position } = state
  const warnings: Array<Warning> = []
  if (isDisordered(order, rows)) {
    warnings.push(
      warningOf(
        "list_unordered",
        `${route} is not sorted by its listing time; an execution may be missed.`,
        null,
        route,
      ),
    )
  }
  const isInsideInstant =
    (windowOf(paging)?.edge ?? null) !== null &&
    paging.place > 0 &&
    (paging.by === "place" || mayCount(plan.endpoint.pagination))
  if (isInsideInstant || splitsInstant(plan, state, rows)) {
    warnings.push(
      warningOf(
        "tie_exceeds_page",
        `${route} lists more items at one time than fit on a page; ${requirementOf(plan.endpoint)}.`,
        null,
        route,
      ),
    )
  }
  const isPair = paging.by === "place" && paging.overlap === "pair"
  if (isPair && rows.some((row) => !isKnown(order, position, row))) {
    warnings.push(
      warningOf(
        "pages_not_adjacent",
        `${route} returns pages too short to overlap; if one execution is deleted and another inserted between two requests, a third may be missed.`,
        null,
        route,
      ),
    )
  }
  return warnings
}

/** Whether a listing time goes on across the edge of a page: behind it, only the provider's order tells. */
const splitsInstant = (
  plan: Plan,
  { paging, position }: WalkState,
  rows: ReadonlyArray<Row>,
): boolean =>
  paging.by === "place" &&
  (paging.overlap === "row" || paging.overlap === "pair") &&
  rows.some(
    (row) => row.ok && row.at === position.key?.at && !wasRead(plan.query.order, position, row),
  )
