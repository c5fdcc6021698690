import type { Rejected } from "../model/LogPage.js"
import { listenersOr, type ReportListeners } from "../reading/Reporting.js"
import { refusedId } from "../walk/Row.js"

/** Tells what is read again and again only when it was not told in the turn before. */
export interface Novelties extends Required<ReportListeners> {
  readonly onRejected: (rejected: Rejected) => void
  readonly onWarning: (warning: string) => void
  /** Begins a turn. */
  readonly turn: () => void
}

/** Listeners that hold back what they were told in this turn or the one before. */
export const makeNovelties = (listeners: ReportListeners): Novelties => {
  const { onRejected, onWarning } = listenersOr(listeners)
  let before: ReadonlySet<string> = new Set()
  let now = new Set<string>()
  const isNew = (key: string): boolean => {
    const isKnown = before.has(key) || now.has(key)
    now.add(key)
    return !isKnown
  }
  return {
    turn: () => {
      before = now
      now = new Set()
    },
    onWarning: (warning) => {
      if (isNew(warning)) onWarning(warning)
    },
    // Its place on the page moves, so it is known by what it holds.
    onRejected: (rejected) => {
      if (isNew(`${refusedId(rejected)} ${rejected.reason}`)) onRejected(rejected)
    },
  }
}
