import type { ListEndpoint } from "../adapter/Connection.js"
import type { AdapterErrorFields } from "../model/AdapterError.js"
import type { Requests } from "../transport/Requests.js"
import { nameOf, type Paging } from "../walk/Paging.js"
import { hasStalled, mostStalledPages } from "../walk/Stall.js"
import type { WalkState } from "../walk/WalkState.js"
import { windowOf } from "../walk/Window.js"

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
  if (paging.by === "place" || (paging.name === null && !isSameTop(before, paging))) return null
  const { name } = paging
  if (name === null || name === nameOf(before)) {
    return unnamed({ title }, route, "list", name)
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

/** Whether the page without a name is the same one: of the same window, and of the same size. */
const isSameTop = (before: Paging, paging: Paging): boolean =>
  windowOf(before)?.edge === windowOf(paging)?.edge && before.size === paging.size

/** The error for a page that names itself as the next one, or announces a next one without a name. */
export const unnamed = (
  { title }: Pick<Requests, "title">,
  route: string,
  operation: string,
  name: string | null,
): AdapterErrorFields => ({
  reason: "Decode",
  message: `${title} says that more follows in ${route}, but ${name === null ? "not how to ask for it" : "names the same page again"}.`,
  operation,
  hint: "narrow_query",
})

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
