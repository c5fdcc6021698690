import type { Order } from "@execlog/core"
import type { Known } from "./MovingHistory.js"
import { isMatching, type WalkOutcome } from "./WalkRun.js"

/** The violations of the paging promise by a walk, a line each. */
export const brokenBy = (outcome: WalkOutcome): ReadonlyArray<string> => [
  ...givenTwice(outcome),
  ...lost(outcome),
  ...unasked(outcome),
  ...outdated(outcome),
  ...displaced(outcome),
]

/** Every execution listed when the walk began and matching throughout is returned. */
const lost = (outcome: WalkOutcome): ReadonlyArray<string> => {
  const ids = new Set(outcome.given.map(({ execution }) => execution.id))
  return outcome.history
    .all()
    .filter((known) => known.isOld && !known.isDeleted && matchesThroughout(outcome, known))
    .filter(({ id }) => !ids.has(id))
    .map((known) => `missing: ${named(outcome, known.id)}`)
}

const matchesThroughout = (outcome: WalkOutcome, { made, states }: Known): boolean =>
  states.every(
    ({ status }) => isMatching(outcome, made, status) && !outcome.omitted.includes(status),
  )

const givenTwice = (outcome: WalkOutcome): ReadonlyArray<string> => {
  const ids = outcome.given.map(({ execution }) => execution.id)
  return ids
    .filter((id, index) => ids.indexOf(id) < index)
    .map((id) => `duplicate: ${named(outcome, id)}`)
}

/** Only matching executions are returned. */
const unasked = (outcome: WalkOutcome): ReadonlyArray<string> =>
  outcome.given.flatMap(({ execution }) => {
    const known = outcome.history.all().find(({ id }) => id === execution.id)
    return known !== undefined && isMatching(outcome, known.made, execution.status)
      ? []
      : [`does not match: ${named(outcome, execution.id)} as ${execution.status}`]
  })

/** Each execution has the latest state listed when its page was requested. */
const outdated = (outcome: WalkOutcome): ReadonlyArray<string> =>
  outcome.given.flatMap(({ execution, from, to }) => {
    const known = outcome.history.all().find(({ id }) => id === execution.id)
    const states = known?.states ?? []
    // Later executions are only promised to be returned once. Parallel windows may have read the first
    // event of an execution that was deleted before its last event was requested.
    if (outcome.isFolded && (known?.isOld !== true || known.isDeleted)) return []
    // An event listed above the rows already read is not seen.
    const asked = outcome.isFolded ? 0 : from
    const earliest = states.findLastIndex(({ since }) => since <= asked)
    const possible = states.filter(
      ({ since }, index) => index >= Math.max(0, earliest) && since <= to,
    )
    return possible.some(({ status }) => status === execution.status)
      ? []
      : [
          `wrong status ${execution.status}: ${named(outcome, execution.id)}, which was ${possible.map(({ status }) => status).join(" or ")}`,
        ]
  })

/** Executions are in list order. */
const displaced = ({ given, query, history }: WalkOutcome): ReadonlyArray<string> => {
  // A list without times is ordered by number, ascending with each new execution.
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

/** An execution by its index in the history, as counter-examples show it. */
const named = ({ history }: WalkOutcome, id: string): string => {
  const index = history.all().findIndex((known) => known.id === id)
  return index === -1 ? `${id}, which does not exist` : `number ${index} of the history (${id})`
}
