import type { Change } from "@execlog/core"
import { type ChangeCommand, shortId } from "./ExecCommand.js"
import type { DeliveryRecord } from "./ChangeQueue.js"
import { humanDuration } from "../../text/HumanTime.js"
import type { Notices } from "../../session/Notices.js"

/** Calls a command for changes until it succeeds, so many times for each. */
export interface ChangeDelivery {
  /** Gives whether the change is done with; else it is to be told again. */
  readonly deliver: (change: Change, record: DeliveryRecord) => Promise<boolean>
  /** Says which changes were not delivered. */
  readonly sayUndelivered: () => void
}

/** How a delivery tries. */
export interface DeliveryOptions {
  readonly call: ChangeCommand
  /** How often a command is called for one change. */
  readonly mostTries: number
  /** What is due later is not tried any more once it is aborted. */
  readonly stop: AbortSignal
  /** Waits, and no longer than until a signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** How what was not delivered can be asked for later; null where nothing remembers it. */
  readonly howToAsk: string | null
  readonly notices: Notices
}

const firstPauseMs = 1000
const longestPauseMs = 60_000

/** From one try to the next. */
const pauseAfter = (tries: number): number =>
  Math.min(firstPauseMs * 4 ** (tries - 1), longestPauseMs)

const mostNamed = 3

/** Makes one. The changes that follow wait meanwhile, so that a command is told them in their order. */
export const makeChangeDelivery = ({
  call,
  mostTries,
  stop,
  pause,
  howToAsk,
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
      const said = `--exec: the command ${outcome.failure}, for execution ${shortId(change)}`
      if (isLast) {
        notices.warn(`${said}, at try ${tries} of ${mostTries}: it is not delivered.`)
      } else {
        const pauseMs = pauseAfter(tries)
        const next = `It is called again in ${humanDuration(pauseMs)} (try ${tries + 1} of ${mostTries})`
        notices.warn(`${said}. ${next}.`)
        await pause(pauseMs, stop)
        if (!stop.aborted) continue
        if (record.isKept) return false
        notices.warn(`--exec: following ends before the command could be called again.`)
      }
      break
    }
    giveUp(change)
    return true
  }
  return {
    deliver,
    sayUndelivered: () => {
      if (undelivered === 0) return
      const more = undelivered - named.length
      const ids = `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`
      const what = undelivered === 1 ? "1 change was" : `${undelivered} changes were`
      notices.warn(
        `--exec: ${what} not delivered, of execution ${ids}.${howToAsk === null ? "" : ` ${howToAsk}`}`,
      )
    },
  }
}
