import type { Rejected } from "../model/LogPage.js"
import { type Warning, warningKey } from "../model/Warning.js"
import { type ReportListeners, listenersOr } from "../reading/Reporting.js"
import { rejectedIds } from "../walk/Row.js"

/** Listeners that suppress what was reported in this poll or the one before. */
export interface FirstReports extends Required<ReportListeners> {
  readonly onRejected: (rejected: Rejected) => void
  readonly onWarning: (warning: Warning) => void
  /** Begins a poll. */
  readonly beginPoll: () => void
}

/** Wraps listeners so that a report which comes with every poll is reported once. */
export const makeFirstReports = (listeners: ReportListeners): FirstReports => {
  const { onRejected, onWarning } = listenersOr(listeners)
  let before: ReadonlySet<string> = new Set()
  let now = new Set<string>()
  const isNew = (key: string): boolean => {
    const isKnown = before.has(key) || now.has(key)
    now.add(key)
    return !isKnown
  }
  return {
    beginPoll: () => {
      before = now
      now = new Set()
    },
    onWarning: (warning) => {
      if (isNew(warningKey(warning))) onWarning(warning)
    },
    // Its place on the page changes, so it is recognized by its content.
    onRejected: (rejected) => {
      if (isNew(keyOfRejected(rejected))) onRejected(rejected)
    },
  }
}

const keyOfRejected = ({ cause, issues, isJoined, ...rejected }: Rejected): string =>
  JSON.stringify([rejectedIds(rejected), cause, issues, isJoined])
