import type { ListEndpoint } from "../adapter/Connection.js"
import type { AdapterErrorFields } from "../model/AdapterError.js"
import type { Requests } from "../transport/Requests.js"
import { nameOf } from "../walk/Paging.js"
import { hasStalled, mostStalledPages } from "../walk/Stall.js"
import type { WalkState } from "../walk/WalkState.js"

/** A name is sent in a URL, and few servers accept longer ones. */
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
    const what = name === null ? "not how to ask for it" : "names the same page again"
    return {
      reason: "Decode",
      message: `${title} says that more follows in ${route}, but ${what}.`,
      operation: "list",
      hint: "narrow_query",
    }
  }
  if (name.length > longestName) {
    return {
      reason: "Decode",
      message: `${title} names the next page of ${route} by ${name.length} characters; a cursor holds no more than ${longestName} of it.`,
      operation: "list",
      hint: "report",
    }
  }
  if (!holdsSecret(name)) return null
  return {
    reason: "Decode",
    message: `${title} puts the key into what names the next page of ${route}; a cursor must not hold it.`,
    operation: "list",
    hint: "report",
  }
}

/** The error for a provider that gives nothing new, page after page. */
export const stalled = ({ title }: Pick<Requests, "title">, route: string): AdapterErrorFields => ({
  reason: "Decode",
  message: `${title} says that more follows in ${route}, but gave the same, or nothing, in ${mostStalledPages} pages.`,
  operation: "list",
  hint: {
    code: "narrow_query",
    text: "The provider repeats itself; narrow the query by time, or report it to the adapter's author.",
  },
})
