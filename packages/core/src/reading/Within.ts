import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Within } from "../adapter/Connection.js"
import { gather, readPages } from "./JoinPages.js"
import type { TakenPage } from "./MapPage.js"
import { nothingJoined } from "./ReadJoins.js"
import { readPage } from "./ReadPage.js"
import type { Plan } from "../walk/Plan.js"
import type { Requests } from "../transport/Requests.js"
import type { WalkState } from "../walk/WalkState.js"

/** The ids that each request of a list must name, and rows of their endpoint that are unreadable. */
const readIds = Effect.fnUntraced(function* (
  requests: Requests,
  { join, most }: Within,
  { endpoint }: Plan,
  operation: string,
) {
  const gathered = gather(join)
  yield* readPages({ requests, join, operation, isTrial: false }, [], gathered)
  const ids = [...gathered.rows.keys()]
  if (ids.length <= most) return { ids, rejected: gathered.rejected }
  return yield* requests.fail({
    reason: "Unsupported",
    message: `${requests.title} has ${ids.length} ids in ${join.route}, and one request of ${endpoint.route} can name ${most}.`,
    operation,
    hint: {
      code: "other",
      text: "Give a filter or a setting that selects fewer, if there is one.",
    },
  })
})

/**
 * The reader of a plan's pages. If each request must name the ids of another endpoint, they are
 * requested before the first page, and kept for all others.
 */
export const makePageReader = (requests: Requests) => {
  let ids: ReadonlyArray<string> | null = null
  return Effect.fnUntraced(function* (plan: Plan, at: WalkState) {
    const { within } = plan.endpoint
    if (within?.when(plan.query) !== true) return yield* readPage(requests, plan, at)
    const read =
      ids === null ? yield* readIds(requests, within, plan, "list") : { ids, rejected: [] }
    ids = read.ids
    const taken =
      read.ids.length === 0
        ? { ...noRows, state: at, requestedAt: yield* Clock.currentTimeMillis }
        : yield* readPage(requests, { ...plan, within: read.ids }, at)
    const { joined } = taken
    return { ...taken, joined: { ...joined, rejected: [...read.rejected, ...joined.rejected] } }
  })
}

/** The page of a list that is within nothing. */
const noRows: Omit<TakenPage, "state" | "requestedAt"> = {
  info: { items: [], more: false, total: 0, next: null },
  rows: [],
  step: {
    taken: true,
    found: [],
    rejected: [],
    deferred: new Set(),
    next: null,
    total: 0,
    warnings: [],
  },
  joined: nothingJoined,
  bare: new Set(),
  mapped: null,
}

/** The plan with the ids that its requests must name; null if there are none, so that nothing is listed. */
export const withIds = Effect.fnUntraced(function* (requests: Requests, plan: Plan) {
  const { within } = plan.endpoint
  if (within?.when(plan.query) !== true) return plan
  const { ids } = yield* readIds(requests, within, plan, "get")
  return ids.length === 0 ? null : { ...plan, within: ids }
})
