import { narrowPlan, type Plan } from "../../walk/Plan.js"
import type { Position } from "../../walk/Position.js"
import { stateWithin, takePage } from "../../walk/Walk.js"
import type { WalkState } from "../../walk/WalkState.js"
import { withoutName } from "../../walk/Window.js"
import type { TakenPage } from "../MapPage.js"
import { type RangeRead, stateBehind } from "./Schedule.js"

/**
 * The pages of a range as they continue the ranges before it, which were read at the same time: events of
 * one execution may be in several ranges, and one item may have been rejected in two.
 */
export const continuedFrom = (
  plan: Plan,
  { range, pages, rest }: RangeRead,
  before: Position,
): { readonly pages: ReadonlyArray<TakenPage>; readonly position: Position } => {
  const { end } = range
  const narrowed = end === null ? plan : narrowPlan(plan, end)
  // A walk that resumes here has no end of the range in its requests.
  const unbound = end === null ? (at: WalkState) => at : withoutName
  let position = before
  const continued: Array<TakenPage> = []
  for (const [index, read] of pages.entries()) {
    const isIndependent = plan.endpoint.fold === null && position.rejected.size === 0
    const taken = isIndependent ? read : takenAfter(narrowed, read, position)
    const { state, rows, step } = taken
    const after =
      step.next ?? stateWithin(narrowed, state, rows, step.deferred, Number.POSITIVE_INFINITY)
    position = after.position
    const following = index === pages.length - 1 ? rest : read.step.next
    const next =
      following === null
        ? behindRange(plan, state, end, position)
        : { ...unbound(following), position }
    continued.push({ ...taken, state: unbound(state), step: { ...step, next } })
  }
  return { pages: continued, position }
}

/** The state after a range; null if it was read without an end. */
const behindRange = (
  plan: Plan,
  state: WalkState,
  end: number | null,
  { partlyRead }: Position,
): WalkState | null => {
  if (end === null) return null
  const behind = stateBehind(plan, state, end)
  return { ...behind, position: { ...behind.position, partlyRead } }
}

/** Takes a page again at the position after the pages before it. */
const takenAfter = (plan: Plan, taken: TakenPage, position: Position): TakenPage => {
  const state = { ...taken.state, position }
  const step = takePage(plan, state, taken.info, taken.rows)
  // It was taken before at the same place, and is so again.
  return step.taken ? { ...taken, state, step: { ...step, warnings: taken.step.warnings } } : taken
}
