import * as Deferred from "effect/Deferred"
import type { AdapterError } from "../../model/AdapterError.js"
import { clampInstant, tickOf } from "../../model/Instant.js"
import { backAtTop, nameOf } from "../../walk/Paging.js"
import { furthestTick, goesUp, type Plan } from "../../walk/Plan.js"
import { readUpTo } from "../../walk/Position.js"
import { noStall } from "../../walk/Stall.js"
import type { WalkState } from "../../walk/WalkState.js"
import { windowOf } from "../../walk/Window.js"
import type { TakenPage } from "../MapPage.js"

/** A range of listing time, which is read independently of others. */
export interface TimeRange {
  /**
   * Where reading it begins: at the edge of the window of this state, its upper end, or its lower
   * end if the oldest come first.
   */
  readonly start: WalkState
  /** Its other end, which is part of it; null: one page, however far that reaches. */
  readonly end: number | null
}

/** The result of reading a range. */
export interface RangeRead {
  readonly range: TimeRange
  readonly pages: ReadonlyArray<TakenPage>
  /** Where to read on if the range was not read to its end; else null. */
  readonly rest: WalkState | null
  /** The server ignores a bound: from `rest` on, only sequential reading is right. */
  readonly isBoundless: boolean
  readonly failure: AdapterError | null
}

/** A range in the schedule. */
export interface Slot {
  readonly state: "due" | "reading" | "read"
  readonly range: TimeRange
  readonly outcome: Deferred.Deferred<RangeRead>
  /** How many pages of it wait for their turn to be given. */
  readonly pages: number
}

/** The ranges that are not given yet, in the order of the listing. */
export interface Schedule {
  /** The ranges to begin now, which count as being read from here on. */
  readonly begin: () => ReadonlyArray<Slot>
  /** Takes the result of reading a range. */
  readonly finish: (slot: Slot, read: RangeRead) => void
  /** The range to give next; null at the end of the walk. */
  readonly first: () => Slot | null
  /** Removes the first range. */
  readonly shift: () => void
}

/** How many pages a range should hold by the density seen so far. */
const pagesWished = 4
/** The most pages of a range that are read at once; the rest becomes a range of its own. */
export const mostPagesOfRange = 2 * pagesWished
/** For each range in flight, how many pages may wait for their turn to be given. */
const mostWaiting = 8

/**
 * Cuts what is listed behind a state into ranges, each wide enough for a few pages at the density seen
 * so far. A denser range is cut again, and an empty one makes the next wider.
 */
export const makeSchedule = (
  plan: Plan,
  start: WalkState,
  options: { readonly span: number; readonly mostInFlight: number },
): Schedule => {
  const { mostInFlight } = options
  const { tick } = plan.endpoint.time
  const direction = goesUp(plan) ? 1 : -1
  const last = furthestTick(plan)
  let slots: Array<Slot> = []
  /** Where the next range begins; null if all is cut, or if the page being read will tell. */
  let frontier: WalkState | null = start
  let span = Math.max(tick, options.span)
  let emptyInARow = 0

  const countReading = () => slots.filter(({ state }) => state === "reading").length
  const countWaiting = () => slots.reduce((sum, { pages }) => sum + pages, 0)

  /** Cuts a range of the wished width off the beginning, and returns it with the rest behind it. */
  const cut = ({ start, end }: TimeRange): readonly [TimeRange, TimeRange | null] => {
    const begin = beginOf(start)
    // Two ranges are not worth it if it is only a little wider; and a name keeps its bounds.
    const isNamed = nameOf(start.paging) !== null
    if (end !== null && (isNamed || direction * (end - begin) <= 1.5 * span)) {
      return [{ start, end }, null]
    }
    const near = tickOf(begin + direction * span, tick)
    return [
      { start, end: near },
      { start: stateBehind(plan, start, near), end },
    ]
  }

  /** Adds the next range; if nothing shows how far the list goes, a page without an end. */
  const advance = (): void => {
    if (frontier === null) return
    const near = beginOf(frontier) + direction * span
    const isNamed = nameOf(frontier.paging) !== null
    const isFar = clampInstant(near) !== near || emptyInARow >= mostInFlight
    if (last === null && (isNamed || isFar)) {
      if (countReading() > 0) return
      slots.push(dueSlot({ start: frontier, end: null }))
      frontier = null
      return
    }
    const [range, rest] = cut({ start: frontier, end: last })
    slots.push(dueSlot(range))
    frontier = rest?.start ?? null
  }

  const beginOne = (): Slot | null => {
    if (countReading() >= mostInFlight) return null
    if (!slots.some(({ state }) => state === "due")) advance()
    const index = slots.findIndex(({ state }) => state === "due")
    const due = slots[index]
    if (due === undefined) return null
    // The first ranges are never held back: the caller waits for them.
    if (index >= mostInFlight && countWaiting() >= mostWaiting * mostInFlight) return null
    const [range, rest] = due.range.end === null ? [due.range, null] : cut(due.range)
    const begun: Slot = { ...due, state: "reading", range }
    slots = slots.toSpliced(index, 1, begun, ...(rest === null ? [] : [dueSlot(rest)]))
    return begun
  }

  const learn = ({ range, pages, rest }: RangeRead): void => {
    const rows = pages.reduce((sum, page) => sum + page.rows.length, 0)
    emptyInARow = rows === 0 ? emptyInARow + 1 : 0
    const reached = rest === null ? range.end : beginOf(rest)
    if (reached === null) return
    const width = Math.abs(beginOf(range.start) - reached) + tick
    const wished = rows === 0 ? 2 * span : (width / rows) * plan.pageSize * pagesWished
    span = Math.max(tick, Math.min(4 * span, Math.max(span / 4, wished)))
  }

  return {
    begin: () => {
      const begun: Array<Slot> = []
      for (let slot = beginOne(); slot !== null; slot = beginOne()) begun.push(slot)
      return begun
    },
    finish: (slot, read) => {
      const index = slots.indexOf(slot)
      if (index === -1) return
      const { rest } = read
      const done: Slot = { ...slot, state: "read", pages: read.pages.length }
      if (read.failure !== null || read.isBoundless) {
        // The walk fails here, or goes on sequentially: the ranges behind it are not needed.
        slots = [...slots.slice(0, index), done]
        frontier = null
        return
      }
      learn(read)
      const { end } = slot.range
      if (end === null) frontier = rest
      const due = rest === null || end === null ? [] : [dueSlot({ start: rest, end })]
      slots = slots.toSpliced(index, 1, done, ...due)
    },
    first: () => slots[0] ?? null,
    shift: () => {
      slots = slots.slice(1)
    },
  }
}

const dueSlot = (range: TimeRange): Slot => ({
  state: "due",
  range,
  outcome: Deferred.makeUnsafe(),
  pages: 0,
})

/** The listing time at which a state goes on. */
const beginOf = ({ paging }: WalkState): number => windowOf(paging)?.edge ?? 0

/** The state after everything was read up to a listing time, and at it. */
export const stateBehind = (plan: Plan, from: WalkState, end: number): WalkState => {
  const { tick } = plan.endpoint.time
  const edge = goesUp(plan) ? end + tick : end - tick
  return {
    // Should the server ignore the edge, the rows before it are known to have been read.
    position: readUpTo(edge),
    paging: backAtTop(from.paging, { edge }),
    stall: noStall,
    learned: from.learned,
  }
}
