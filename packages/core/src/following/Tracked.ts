import type { Change } from "../model/LogPage.js"
import { type Execution, isTerminal, listingTime } from "../model/Execution.js"
import { mergeObservation, nextProviderStatus } from "../model/Observation.js"

/**
 * Where something was read: in a list that reaches down to the horizon, in a whole one, in one of what is
 * unfinished at the beginning, or by id.
 */
export type ObservedIn = "list" | "wholeList" | "open" | "get"

/**
 * What is known of the executions of one connection while they are followed. It forgets what ended
 * and lies below the horizon, so that it does not grow with the time.
 */
export interface Tracked {
  /** Begins a poll: what is listed above this listing time is read whole. */
  readonly begin: (horizon: number) => void
  /** Takes what was read, at the time when it was asked for. Gives the change that it shows. */
  readonly observe: (execution: Execution, at: Date, place: ObservedIn) => Change | null
  /** The executions that have not ended, are not too old, and were not listed in this poll. */
  readonly due: (now: number) => ReadonlyArray<Execution>
  /** Asks no more for an execution. */
  readonly giveUp: (id: string) => void
  /** Ends a poll that read all; the next one reaches down to this horizon. */
  readonly end: (horizon: number, now: number) => void
}

interface Entry {
  status: Execution["status"]
  providerStatus: string | null
  /** What is known of it, until it has ended. */
  execution: Execution | null
  /** Its listing time, or when it was first seen where none is told. */
  at: number
  /** From when on it is known to be unfinished: it may be much older. */
  openSince: number
  isListed: boolean
  isGivenUp: boolean
}

/** Nothing is known yet: what the first poll that ends reads, and was listed before, is no change. */
export const makeTracked = (options: {
  /** The baseline: executions listed before this time are not reported until they change. */
  readonly since: number
  readonly staleAfterMs: number
  /** The lists are of events, whose walk may see the start of what has ended. */
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
    // It was known once, or had ended before all this began.
    if (isBelow && isTerminal(execution.status)) return null
    entries.set(execution.id, {
      ...stateOf(execution),
      at: at ?? observedAt.getTime(),
      openSince: place === "open" || at === null ? observedAt.getTime() : at,
      isListed: true,
      isGivenUp: false,
    })
    const isKnownSince = isFirst
      ? at === null ||
        at < options.since ||
        (at > observedAt.getTime() && isPlannedBefore(execution, options.since))
      : isBelow && place !== "wholeList"
    return isKnownSince ? null : { execution, previous: null, observedAt }
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

/** Whether one that is listed for a time to come was so before an instant: it may start ahead of it. */
const isPlannedBefore = ({ startedAt }: Execution, instant: number): boolean =>
  startedAt === null || startedAt.getTime() < instant

const stateOf = (execution: Execution): Pick<Entry, "status" | "providerStatus" | "execution"> => ({
  status: execution.status,
  providerStatus: execution.providerStatus,
  execution: isTerminal(execution.status) ? null : execution,
})
