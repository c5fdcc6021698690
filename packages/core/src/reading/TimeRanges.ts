import * as Deferred from "effect/Deferred"
import type { AdapterError } from "../model/AdapterError.js"
import { clampInstant, tickOf } from "../model/Instant.js"
import type { TakenPage } from "./MapPage.js"
import type { Plan } from "../walk/Plan.js"
import { startState, type WalkState } from "../walk/WalkState.js"

/** A range of listing time that is read by itself, beside others. */
export interface TimeRange {
  /** Where its reading begins; the bound of this state is its upper end. */
  readonly start: WalkState
  /** Its lower end, which belongs to it; null: one page, however far that reaches. */
  readonly floor: number | null
}

/** What the reading of a range came to. */
export interface TimeRangeRead {
  readonly range: TimeRange
  readonly pages: ReadonlyArray<TakenPage>
  /** Where it goes on, where it holds more than was read, or could not be read; else null. */
  readonly rest: WalkState | null
  /** The server ignores a bound: from `rest` on, only reading in turn is right. */
  readonly isBoundless: boolean
  readonly failure: AdapterError | null
}

/** A range with its place in the walk. */
export interface Slot {
  readonly state: "due" | "reading" | "read"
  readonly range: TimeRange
  readonly outcome: Deferred.Deferred<TimeRangeRead>
  /** How many pages wait here for their turn to be given. */
  readonly pages: number
}

/** The ranges of a walk in the order of the listing, and which to read next. */
export interface TimeRanges {
  /** Those to begin now. They count as being read from here on. */
  readonly begin: () => ReadonlyArray<Slot>
  /** Says what the reading of a range came to. */
  readonly finish: (slot: Slot, read: TimeRangeRead) => void
  /** The first of the walk; null where nothing is left. */
  readonly first: () => Slot | null
  /** Takes the first away. */
  readonly shift: () => void
}

/** So many pages a range is meant to hold, and at most so many of it are read at once. */
const pagesWished = 4
export const mostPages = 2 * pagesWished
/** So many pages for each range in flight may wait for their turn to be given. */
const mostWaiting = 8

/**
 * Cuts what lies below a state into ranges, each wide enough for a few pages by what was seen of
 * the density so far. What turns out denser is cut again; what turns out empty makes the next wider.
 */
export const makeTimeRanges = (
  plan: Plan,
  start: WalkState,
  options: { readonly span: number; readonly mostInFlight: number },
): TimeRanges => {
  const { mostInFlight } = options
  const { tick } = plan.endpoint.time
  const lowest = plan.lowest === null ? null : tickOf(plan.lowest, tick)
  let slots: Array<Slot> = []
  /** Where the next range begins; null where all is cut, or a page will tell where to go on. */
  let frontier: WalkState | null = start
  let span = Math.max(tick, options.span)
  let emptyInARow = 0

  const countReading = () => slots.filter(({ state }) => state === "reading").length
  const countWaiting = () => slots.reduce((sum, { pages }) => sum + pages, 0)

  /** Cuts one of the wished width from the top, and gives what is left below it. */
  const cut = ({ start, floor }: TimeRange): readonly [TimeRange, TimeRange | null] => {
    const top = start.bound ?? 0
    // One that is little wider than that is not worth two.
    if (floor !== null && top - floor <= 1.5 * span) return [{ start, floor }, null]
    const end = tickOf(top - span, tick)
    return [
      { start, floor: end },
      { start: stateBelow(start, end, tick), floor },
    ]
  }

  /** Makes the top of the frontier due; where nothing tells how far down the list goes, one page. */
  const advance = (): void => {
    if (frontier === null) return
    const bound = frontier.bound ?? 0
    const isFar = clampInstant(bound - span) > bound - span
    if (lowest === null && (isFar || emptyInARow >= mostInFlight)) {
      if (countReading() > 0) return
      slots.push(dueSlot({ start: frontier, floor: null }))
      frontier = null
      return
    }
    const [range, rest] = cut({ start: frontier, floor: lowest })
    slots.push(dueSlot(range))
    frontier = rest?.start ?? null
  }

  const beginOne = (): Slot | null => {
    if (countReading() >= mostInFlight) return null
    if (!slots.some(({ state }) => state === "due")) advance()
    const index = slots.findIndex(({ state }) => state === "due")
    const due = slots[index]
    if (due === undefined) return null
    // The first may always be read, since the walk waits for them.
    if (index >= mostInFlight && countWaiting() >= mostWaiting * mostInFlight) return null
    const [range, rest] = due.range.floor === null ? [due.range, null] : cut(due.range)
    const begun: Slot = { ...due, state: "reading", range }
    slots = slots.toSpliced(index, 1, begun, ...(rest === null ? [] : [dueSlot(rest)]))
    return begun
  }

  const learn = ({ range, pages, rest }: TimeRangeRead): void => {
    const rows = pages.reduce((sum, page) => sum + page.rows.length, 0)
    emptyInARow = rows === 0 ? emptyInARow + 1 : 0
    const bottom = rest?.bound ?? range.floor
    const top = range.start.bound
    if (bottom === null || top === null) return
    const width = top - bottom + tick
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
        // The walk ends here, or goes on in turn: what lies below is not wanted.
        slots = [...slots.slice(0, index), done]
        frontier = null
        return
      }
      learn(read)
      const { floor } = slot.range
      if (floor === null) frontier = rest
      const due = rest === null || floor === null ? [] : [dueSlot({ start: rest, floor })]
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

/** The state that goes on below a listing time, all above which was read. */
export const stateBelow = (from: WalkState, floor: number, tick: number): WalkState => {
  const bound = floor - tick
  return {
    ...startState("windows", bound),
    // Should the server ignore the bound, what lies above is known to have been read.
    key: { at: bound, ids: new Set() },
    longest: from.longest,
    ignored: from.ignored,
    learned: from.learned,
  }
}
