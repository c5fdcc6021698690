import * as Effect from "effect/Effect"
import type { PageInfo, RequestSpec } from "../adapter/Connection.js"
import type { Slice } from "../adapter/Pagination.js"
import type { AdapterError } from "../model/AdapterError.js"
import { guarded, DecodeFault } from "../model/DecodeFault.js"
import type { JsonObject } from "../model/Json.js"
import type { Warning } from "../model/Warning.js"
import { explainUnwritten } from "../transport/Answers.js"
import type { Deadline } from "../transport/Deadline.js"
import type { Requests } from "../transport/Requests.js"
import { namesUrls, withMore, withNext } from "../walk/NextPage.js"
import { nameOf } from "../walk/Paging.js"
import { queryWithoutParts, type Plan } from "../walk/Plan.js"
import { readRows, type Row } from "../walk/Row.js"
import { pageParams } from "../walk/Walk.js"
import type { WalkState } from "../walk/WalkState.js"
import { decodeListPage } from "./DecodePage.js"

/** The page read at a state: one response, or several combined. */
export interface Answer {
  readonly state: WalkState
  readonly info: PageInfo
  readonly rows: ReadonlyArray<Row>
  /** The server returned the same rows for another slice. */
  readonly isStuck: boolean
  /** How many items were requested, if more came; else null. */
  readonly exceeds: number | null
  /** The items that came without the parts of `include`. */
  readonly bare: ReadonlySet<unknown>
  readonly warnings: ReadonlyArray<Warning>
}

/** Reads the part of the list that a state asks for. */
export type ReadAt = (state: WalkState) => Effect.Effect<Answer, AdapterError, Deadline>

interface SliceOptions {
  /** Only tries whether the slice can be read: without retries if the server fails. */
  readonly isTrial?: boolean
}

/** Requests a slice, and reads its rows. */
export const readSlice = Effect.fnUntraced(function* (
  requests: Requests,
  plan: Plan,
  state: WalkState,
  slice: Slice,
  { isTrial = false }: SliceOptions = {},
) {
  const { endpoint } = plan
  const spec = requestFor(plan, state, slice)
  if (spec instanceof DecodeFault) {
    return yield* requests.fail(explainUnwritten(endpoint.route, "list", spec.reason))
  }
  const url = urlOf(plan, state)
  const { body, headers } = yield* requests.send(
    url === null ? spec : { ...spec, url },
    "list",
    isTrial,
  )
  const page = yield* decodeListPage(requests, endpoint, slice.size, { body, operation: "list" })
  const complete = withMore(endpoint.pagination, page, slice.size)
  const rows = readRows(endpoint, complete.items, duplicatesHavePlaces(complete, slice.size))
  const info = withNext(endpoint.pagination, complete, rows, headers)
  const isSized = endpoint.pagination.size !== null && info.items.length > slice.size
  return {
    state,
    info,
    rows,
    isStuck: false,
    exceeds: isSized ? slice.size : null,
    bare: state.learned.withoutParts ? new Set(info.items) : nothingBare,
    warnings: [],
  } satisfies Answer
})

const nothingBare: ReadonlySet<unknown> = new Set()

/**
 * Whether duplicates on a page count as rows of the list. They do not if the page is longer than
 * requested, or if its number of rows alone tells whether it is the last.
 */
export const duplicatesHavePlaces = ({ items, more, total }: PageInfo, size: number): boolean =>
  items.length <= size && (more !== null || total !== null)

/** The request for a slice as text, to tell whether two states request the same. */
export const requestText = (plan: Plan, state: WalkState, slice: Slice): string =>
  JSON.stringify([urlOf(plan, state) ?? requestFor(plan, state, slice)])

const requestFor = (plan: Plan, state: WalkState, slice: Slice): RequestSpec | DecodeFault => {
  const { endpoint, query, within } = plan
  const requestedQuery = state.learned.withoutParts ? queryWithoutParts(query) : query
  return guarded(
    (params: JsonObject) => endpoint.request(requestedQuery, params, within),
    pageParams(plan, state, slice),
  )
}

/** The URL by which the page before named this one, which replaces all else. */
const urlOf = ({ endpoint }: Plan, { paging }: WalkState): string | null =>
  namesUrls(endpoint.pagination) ? nameOf(paging) : null
