import { type Execution, isTerminal } from "../model/Execution.js"
import { listingTime } from "../model/ExecutionOrder.js"
import type { Change } from "../model/LogPage.js"
import { mergeObservation, nextProviderStatus } from "../model/Observation.js"

/**
 * Where an execution was read: in the list down to the horizon, in a whole list, in a list of what is
 * unfinished when following begins, or by its id.
 */
export type ObservedIn = "list" | "wholeList" | "open" | "get"

/**
 * The executions of one connection that are followed, as they were last seen. Those that ended and are
 * listed below the horizon are forgotten, so that it does not grow.
 */
export interface Tracked {
  /** Begins a poll that reads everything listed after this time. */
  readonly begin: (horizon: number) => void
  /** Takes an execution as it was at the time of its request. Returns the change; null for none. */
  readonly observe: (execution: Execution, at: Date, place: ObservedIn) => Change | null
  /** Unfinished executions that were not listed in this poll, except stale ones: to request by id. */
  readonly due: (now: number) => ReadonlyArray<Execution>
  /** Excludes an execution from `due`. */
  readonly giveUp: (id: string) => void
  /** Ends a poll that read everything; the next one reads down to this listing time. */
  readonly end: (horizon: number, now: number) => void
}

interface Entry {
  status: Execution["status"]
  providerStatus: string | null
  /** All that is known of it; null once it has ended. */
  execution: Execution | null
  /** Its listing time; when it was first seen, if it has none. */
  at: number
  /** Since when it is known to be unfinished; it may be much older. */
  openSince: number
  isListed: boolean
  isGivenUp: boolean
}

/** Begins with no executions. What the first poll reads below the baseline is not a change. */
export const makeTracked = (options: {
  /** The baseline: executions listed before this time are not reported until they change. */
  readonly since: number
  readonly staleAfterMs: number
  /** Whether a terminal status is final: a list of events may show the start of an execution that ended. */
  readonly keepsTerminal: boolean
}): Tracked => {
  const entries = new Map<string, Entry>()
  let horizon = Number.NEGATIVE_INFINITY
  let isFirst = true

  const isOver = (entry: Entry, now: number): boolean =>
    isTerminal(entry.status) || entry.isGivenUp || now - entry.openSince > options.staleAfterMs

  const appear = (execution: Execution, observedAt: Date, place: ObservedIn): Change | null => {
    const at = listingTime(execution)
    const isBelow = at !== null && at < horizon
    // It was known and forgotten, or had ended before following began.
    if (isBelow && isTerminal(execution.status)) return null
    entries.set(execution.id, {
      ...stateOf(execution),
      at: at ?? observedAt.getTime(),
      openSince: place === "open" || at === null ? observedAt.getTime() : at,
      isListed: true,
      isGivenUp: false,
    })
    const isBaseline = isFirst
      ? at === null ||
        at < options.since ||
        (at > observedAt.getTime() && isPlannedBefore(execution, options.since))
      : isBelow && place !== "wholeList"
    return isBaseline ? null : { execution, previous: null, observedAt }
  }

  return {
    begin: (lowest) => {
      horizon = lowest
      for (const entry of entries.values()) entry.isListed = false
    },
    observe: (observed, observedAt, place) => {
      const known = entries.get(observed.id)
      if (known === undefined) return appear(observed, observedAt, place)
      if (place !== "get") known.isListed = true
      if (options.keepsTerminal && isTerminal(known.status) && !isTerminal(observed.status)) {
        return null
      }
      const execution =
        known.execution === null ? observed : mergeObservation(known.execution, observed)
      const previous = { status: known.status, providerStatus: known.providerStatus }
      const providerStatus = nextProviderStatus(previous, execution)
      Object.assign(known, stateOf(execution), { providerStatus })
      const at = listingTime(execution)
      if (at !== null && at > known.at) known.openSince = Math.max(known.openSince, at)
      known.at = at ?? known.at
      return execution.status === previous.status && providerStatus === previous.providerStatus
        ? null
        : { execution, previous, observedAt }
    },
    due: (now) =>
      [...entries.values()].flatMap((entry) =>
        entry.execution === null || entry.isListed || isOver(entry, now) ? [] : [entry.execution],
      ),
    giveUp: (id) => {
      const known = entries.get(id)
      if (known !== undefined) known.isGivenUp = true
    },
    end: (next, now) => {
      isFirst = false
      for (const [id, entry] of entries) {
        if (entry.at < next && !entry.isListed && isOver(entry, now)) entries.delete(id)
      }
    },
  }
}

/** Whether an execution that is listed for a time to come was already planned at a time. */
const isPlannedBefore = ({ startedAt }: Execution, instant: number): boolean =>
  startedAt === null || startedAt.getTime() < instant

const stateOf = (execution: Execution): Pick<Entry, "status" | "providerStatus" | "execution"> => ({
  status: execution.status,
  providerStatus: execution.providerStatus,
  execution: isTerminal(execution.status) ? null : execution,
})
