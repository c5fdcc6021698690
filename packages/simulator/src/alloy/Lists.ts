import { type Items, selectItems } from "../shared/Items.js"
import { makeListCache } from "../shared/ListCache.js"
import { between, sortLatestFirst } from "../shared/TimeOrder.js"
import { executionOf, isEndEvent } from "./Events.js"
import { allHold } from "./Filters.js"
import type { AlloyHistory } from "./History.js"
import type { AlloyEventQuery, AlloySortField } from "./Query.js"
import { type AlloyMessage, messageOf } from "./Wire.js"

/** A workflow and a user by their numbers: null selects all, and -1 none. */
interface Selection {
  readonly workflow: number | null
  readonly user: number | null
}

/** The items of a list in the requested order. */
interface AlloyList {
  readonly total: number
  readonly page: (skip: number, limit: number) => ReadonlyArray<number>
}

/** The lists of events and executions of one history. */
export interface AlloyLists {
  readonly events: (query: AlloyEventQuery, selection: Selection) => AlloyList
  readonly executions: (selection: Selection, isAscending: boolean) => AlloyList
  /** To be called when the history has changed. */
  readonly noteChange: () => void
}

/** Messages in alphabetical order. */
const sortedMessages: ReadonlyArray<AlloyMessage> = [
  "executionError",
  "executionFinished",
  "executionStarted",
]

/** The lists of a history. They are cached until the history changes. */
export const makeAlloyLists = (history: AlloyHistory): AlloyLists => {
  const cache = makeListCache()
  const userIds = Array.from({ length: history.users }, (_, user) => history.ids.userId(user))
  const sortedUserIds = userIds.toSorted()
  const userRanks = userIds.map((id) => sortedUserIds.indexOf(id))

  const keyOf = (sortBy: AlloySortField) => (event: number) => {
    if (sortBy === "message") return sortedMessages.indexOf(messageOf(history, event))
    if (sortBy === "userId") return userRanks[history.userOf(executionOf(event))] ?? 0
    return isEndEvent(event) ? history.endTime(executionOf(event)) : 0
  }
  const selectedEvents = ({ rest }: AlloyEventQuery, { workflow, user }: Selection) => {
    if (rest.length === 0 && workflow === null && user === null) return history.events()
    return cache.get(JSON.stringify(["events", workflow, user, rest]), () => {
      const holds = allHold(history, rest)
      return selectItems(
        history.events(),
        (event) =>
          (workflow === null || history.workflowOf(executionOf(event)) === workflow) &&
          (user === null || history.userOf(executionOf(event)) === user) &&
          holds(event),
      )
    })
  }

  return {
    events: (query, selection) => {
      const { sortBy, isAscending, earliest, latest, rest } = query
      const { items, from, to } = between(
        selectedEvents(query, selection),
        history.eventTime,
        earliest,
        latest,
      )
      if (sortBy === "createdAt") return listOf(items, from, to, isAscending)
      const { workflow, user } = selection
      const key = ["sorted", workflow, user, rest, earliest, latest, sortBy, isAscending]
      const sorted = cache.get(JSON.stringify(key), () => {
        const events = items.slice(from, to)
        const order = keyOf(sortBy)
        sortLatestFirst(events, isAscending ? (event) => -order(event) : order)
        return events
      })
      return listOf(sorted, 0, sorted.length, false)
    },
    executions: ({ workflow, user }, isAscending) => {
      const executions = cache.get(JSON.stringify(["executions", workflow, user]), () =>
        selectItems(
          history.starts(),
          (execution) =>
            history.workflowOf(execution) === workflow &&
            (user === null || history.userOf(execution) === user),
        ),
      )
      return listOf(executions, 0, executions.length, isAscending)
    },
    noteChange: cache.clear,
  }
}

/** The items between two places, from the end of that range back where the order is ascending. */
const listOf = (items: Items, from: number, to: number, isAscending: boolean): AlloyList => ({
  total: to - from,
  page: (skip, limit) => {
    if (!isAscending)
      return Array.from(items.subarray(from + skip, Math.min(from + skip + limit, to)))
    const end = Math.max(from, to - skip)
    return Array.from(items.subarray(Math.max(from, end - limit), end)).toReversed()
  },
})
