import type { ListEndpoint } from "../adapter/Connection.js"
import type { AdapterErrorFields } from "../model/AdapterError.js"
import type { Requests } from "../transport/Requests.js"
import { nameOf } from "../walk/Paging.js"
import { hasStalled, mostStalledPages } from "../walk/Stall.js"
import type { WalkState } from "../walk/WalkState.js"

/** Tokens are sent in URLs; few servers accept longer ones. */
const longestName = 16_384

/** Why a walk cannot go on to the next page; null if it can. */
export const faultOfNext = (
  { title, holdsSecret }: Requests,
  { route }: ListEndpoint,
  { paging: before }: WalkState,
  { paging, stall }: WalkState,
): AdapterErrorFields | null => {
  if (hasStalled(stall)) return stalled({ title }, route)
  if (paging.by === "place") return null
  const { name } = paging
  if (name === null || name === nameOf(before)) {
    const fault =
      name === null ? "returned no token for it" : "returned the token of the current page"
    return {
      reason: "Decode",
      message: `${title} reports a next page for ${route} but ${fault}.`,
      operation: "list",
      hint: "narrow_query",
    }
  }
  if (name.length > longestName) {
    return {
      reason: "Decode",
      message: `${title} returned a next-page token of ${name.length} characters for ${route}; the limit is ${longestName}.`,
      operation: "list",
      hint: "report",
    }
  }
  if (!holdsSecret(name)) return null
  return {
    reason: "Decode",
    message: `${title} returned a next-page token for ${route} that contains the API key, so it cannot be stored in a cursor.`,
    operation: "list",
    hint: "report",
  }
}

/** The error for a provider that gives nothing new, page after page. */
export const stalled = ({ title }: Pick<Requests, "title">, route: string): AdapterErrorFields => ({
  reason: "Decode",
  message: `${title} reports more pages for ${route} but returned no new items in ${mostStalledPages} pages.`,
  operation: "list",
  hint: {
    code: "narrow_query",
    text: "The provider repeats its pages; narrow the query by time, or report it to the adapter's author.",
  },
})
