import type { Order } from "@execlog/core"
import type { Known } from "./MovingHistory.js"
import { isMatching, type WalkOutcome } from "./WalkRun.js"

/** What a walk broke of the promise, a line for each; none where it kept it. */
export const brokenBy = (outcome: WalkOutcome): ReadonlyArray<string> => [
  ...givenTwice(outcome),
  ...lost(outcome),
  ...unasked(outcome),
  ...outdated(outcome),
  ...displaced(outcome),
]

/** Each execution that was listed when the walk began, and that matches throughout, is given. */
const lost = (outcome: WalkOutcome): ReadonlyArray<string> => {
  const ids = new Set(outcome.given.map(({ execution }) => execution.id))
  return outcome.history
    .all()
    .filter((known) => known.isOld && !known.isDeleted && matchesThroughout(outcome, known))
    .filter(({ id }) => !ids.has(id))
    .map((known) => `never given: ${named(outcome, known.id)}`)
}

const matchesThroughout = (outcome: WalkOutcome, { made, states }: Known): boolean =>
  states.every(
    ({ status }) => isMatching(outcome, made, status) && !outcome.omitted.includes(status),
  )

const givenTwice = (outcome: WalkOutcome): ReadonlyArray<string> => {
  const ids = outcome.given.map(({ execution }) => execution.id)
  return ids
    .filter((id, index) => ids.indexOf(id) < index)
    .map((id) => `given again: ${named(outcome, id)}`)
}

/** Nothing is given that does not match. */
const unasked = (outcome: WalkOutcome): ReadonlyArray<string> =>
  outcome.given.flatMap(({ execution }) => {
    const known = outcome.history.all().find(({ id }) => id === execution.id)
    return known !== undefined && isMatching(outcome, known.made, execution.status)
      ? []
      : [`given, but not asked for: ${named(outcome, execution.id)} as ${execution.status}`]
  })

/** Each is given in the most advanced state that was listed by the time its page was asked for. */
const outdated = (outcome: WalkOutcome): ReadonlyArray<string> =>
  outcome.given.flatMap(({ execution, from, to }) => {
    const known = outcome.history.all().find(({ id }) => id === execution.id)
    const states = known?.states ?? []
    // Of what came later no more is promised than that it is given once. Windows side by side may
    // have read the first event of one that was deleted before its last one was asked for.
    if (outcome.isFolded && (known?.isOld !== true || known.isDeleted)) return []
    // An event that was listed above what had been read is not seen any more.
    const asked = outcome.isFolded ? 0 : from
    const earliest = states.findLastIndex(({ since }) => since <= asked)
    const possible = states.filter(
      ({ since }, index) => index >= Math.max(0, earliest) && since <= to,
    )
    return possible.some(({ status }) => status === execution.status)
      ? []
      : [
          `given as ${execution.status}: ${named(outcome, execution.id)}, which was ${possible.map(({ status }) => status).join(" or ")}`,
        ]
  })

/** They come in the order of the listing. */
const displaced = ({ given, query, history }: WalkOutcome): ReadonlyArray<string> => {
  // A list that tells no time goes by numbers, which grow with each execution that is made.
  const numberOf = (id: string) => history.all().findIndex((known) => known.id === id)
  const times = given.map(
    ({ execution }) => execution.listedAt?.getTime() ?? numberOf(execution.id),
  )
  const isWrong = isOutOf(query.order ?? "newest")
  const index = times.findIndex((time, place) => isWrong(times[place - 1] ?? time, time))
  return index === -1 ? [] : [`out of order: ${given[index]?.execution.id ?? ""}`]
}

const isOutOf =
  (order: Order) =>
  (before: number, time: number): boolean =>
    order === "newest" ? time > before : time < before

/** An execution by its place in the history, which is what a counter-example shows. */
const named = ({ history }: WalkOutcome, id: string): string => {
  const index = history.all().findIndex((known) => known.id === id)
  return index === -1 ? `${id}, which nobody made` : `number ${index} of the history (${id})`
}
