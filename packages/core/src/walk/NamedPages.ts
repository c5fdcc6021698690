import type { ListEndpoint, PageInfo } from "../adapter/Connection.js"
import { isCounted, type Pagination } from "../adapter/Pagination.js"
import type { Requests } from "../transport/Requests.js"
import { rawId, type Row } from "./Row.js"
import { mostRepeats } from "./Walk.js"
import type { WalkState } from "./WalkState.js"
import type { AdapterErrorFields } from "../model/AdapterError.js"

// How a page names the one after it, where pages are not counted.

/** Whether what names a page is its URL. */
export const namesUrls = ({ style }: Pagination): boolean =>
  style === "nextUrl" || style === "linkHeader"

/** A page with what its number of items tells of more, where the provider fills its pages. */
export const withMore = (pagination: Pagination, page: PageInfo, size: number): PageInfo =>
  isCounted(pagination) && pagination.fillsPages && page.more === null && page.total === null
    ? { ...page, more: page.items.length >= size }
    : page

/** A page with the name of the next one, and whether there is one. */
export const withNext = (
  pagination: Pagination,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
  headers: () => { readonly [name: string]: string },
): PageInfo => {
  switch (pagination.style) {
    case "pageNumber":
    case "offset":
      return { ...page, next: null }
    case "cursor":
    case "nextUrl":
      return { ...page, more: page.more ?? page.next !== null }
    case "linkHeader": {
      const next = nextLink(headers()["link"] ?? "")
      return { ...page, next, more: page.more ?? next !== null }
    }
    case "lastItem":
      return { ...page, next: idOfRow(rows.at(-1)) }
    case "single":
      return { ...page, next: null, more: false }
  }
}

const idOfRow = (row: Row | undefined): string | null =>
  row === undefined ? null : row.ok ? row.id : rawId(row.raw)

/** What names a page is sent in a URL, and few servers take longer ones. */
const longestName = 16_384

/** Why a walk cannot go on to what is said to be next; null when it can. */
export const faultOfNext = (
  { title, holdsSecret }: Requests,
  { route, pagination }: ListEndpoint,
  state: WalkState,
  next: WalkState,
): AdapterErrorFields | null => {
  if (next.repeats > mostRepeats || next.idle > mostRepeats) return repeated({ title }, route)
  if (isCounted(pagination)) return null
  if (next.named === null || next.named === state.named) {
    const what = next.named === null ? "not how to ask for it" : "names the same page again"
    return {
      reason: "Decode",
      message: `${title} says that more follows in ${route}, but ${what}.`,
      operation: "list",
      hint: "narrow_query",
    }
  }
  if (next.named.length > longestName) {
    return {
      reason: "Decode",
      message: `${title} names the next page of ${route} by ${next.named.length} characters; a cursor holds no more than ${longestName} of it.`,
      operation: "list",
      hint: "report",
    }
  }
  if (!holdsSecret(next.named)) return null
  return {
    reason: "Decode",
    message: `${title} puts the key into what names the next page of ${route}; a cursor must not hold it.`,
    operation: "list",
    hint: "report",
  }
}

/** A provider that gives nothing new, page after page. */
export const repeated = (
  { title }: Pick<Requests, "title">,
  route: string,
): AdapterErrorFields => ({
  reason: "Decode",
  message: `${title} says that more follows in ${route}, but gave the same, or nothing, in ${mostRepeats} pages.`,
  operation: "list",
  hint: {
    code: "narrow_query",
    text: "The provider repeats itself; narrow the query by time, or report it to the adapter's author.",
  },
})

/** The URL that a header `Link` gives with `rel="next"` (RFC 8288); null where it gives none. */
export const nextLink = (header: string): string | null => {
  for (const [, url, parameters = ""] of header.matchAll(/<([^<>]*)>((?:[^,"<]|"[^"]*")*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters)
    const names = (relations?.[1] ?? relations?.[2] ?? "").toLowerCase().split(/\s+/)
    if (url !== undefined && names.includes("next")) return url
  }
  return null
}
