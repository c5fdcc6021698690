import type { Change } from "@execlog/core"
import type { Notices } from "../../session/Notices.js"
import { humanDuration } from "../../text/HumanTime.js"
import type { DeliveryRecord } from "./ChangeQueue.js"
import { type ChangeCommand, shortId } from "./ExecCommand.js"

/** Calls a command for each change until it succeeds, up to a number of tries. */
export interface ChangeDelivery {
  /** Returns whether the change is finished; otherwise it is reported again after a restart. */
  readonly deliver: (change: Change, record: DeliveryRecord) => Promise<boolean>
  /** Warns of the changes that were not delivered. */
  readonly warnOfUndelivered: () => void
}

/** How to deliver changes. */
export interface DeliveryOptions {
  readonly call: ChangeCommand
  /** The maximum number of calls for one change. */
  readonly mostTries: number
  /** Once aborted, no further try is made. */
  readonly stop: AbortSignal
  /** Waits for a time, or until a signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** How to list undelivered changes later; null if nothing remembers them. */
  readonly undeliveredHint: string | null
  readonly notices: Notices
}

const firstPauseMs = 1000
const longestPauseMs = 60_000

/** The pause before the next try. */
const pauseAfter = (tries: number): number =>
  Math.min(firstPauseMs * 4 ** (tries - 1), longestPauseMs)

const mostNamed = 3

/** Makes a delivery. Later changes wait for it, so that the command receives them in order. */
export const makeChangeDelivery = ({
  call,
  mostTries,
  stop,
  pause,
  undeliveredHint,
  notices,
}: DeliveryOptions): ChangeDelivery => {
  const named: Array<string> = []
  let undelivered = 0
  const giveUp = (change: Change) => {
    undelivered += 1
    if (named.length < mostNamed) named.push(shortId(change))
  }
  const deliver = async (change: Change, record: DeliveryRecord): Promise<boolean> => {
    for (let tries = await record.tries(); tries < mostTries;) {
      const outcome = await call(change)
      if (outcome === null) return false
      if (outcome.failure === null) {
        if (tries > 0) await record.delivered()
        return true
      }
      tries += 1
      const isLast = tries >= mostTries
      await record.failed({ tries, failure: outcome.failure, isLast })
      const said = `--exec: the command ${outcome.failure} for execution ${shortId(change)}`
      if (isLast) {
        notices.warn(`${said} on try ${tries} of ${mostTries}. The change is not delivered.`)
      } else {
        const pauseMs = pauseAfter(tries)
        const next = `Retrying in ${humanDuration(pauseMs)} (try ${tries + 1} of ${mostTries})`
        notices.warn(`${said}. ${next}.`)
        await pause(pauseMs, stop)
        if (!stop.aborted) continue
        if (record.isKept) return false
        notices.warn(`--exec: follow ended before the command could be retried.`)
      }
      break
    }
    giveUp(change)
    return true
  }
  return {
    deliver,
    warnOfUndelivered: () => {
      if (undelivered === 0) return
      const more = undelivered - named.length
      const ids = `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`
      const what = undelivered === 1 ? "1 change was" : `${undelivered} changes were`
      notices.warn(
        `--exec: ${what} not delivered: execution ${ids}.${undeliveredHint === null ? "" : ` ${undeliveredHint}`}`,
      )
    },
  }
}
