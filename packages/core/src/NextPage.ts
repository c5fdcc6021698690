import type { PageInfo } from "./Connection.js"
import { isCounted, type Pagination } from "./Pagination.js"
import { rawId, type Row } from "./Row.js"
import type { WalkState } from "./WalkState.js"

// How a page names the one after it, where pages are not counted.

/** Whether what names a page is its URL. */
export const namesUrls = ({ style }: Pagination): boolean =>
  style === "nextUrl" || style === "linkHeader"

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

/** Why a walk cannot go on to what it was told is next; null when it can. */
export const faultOfNext = (
  pagination: Pagination,
  state: WalkState,
  next: WalkState,
): string | null => {
  if (isCounted(pagination)) return null
  if (next.named === null) return "not how to ask for it"
  if (next.named === state.named) return "names the same page again"
  return null
}

/** The URL that a header `Link` gives with `rel="next"` (RFC 8288); null where it gives none. */
export const nextLink = (header: string): string | null => {
  for (const [, url, parameters = ""] of header.matchAll(/<([^>]*)>((?:[^,"<]|"[^"]*")*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters)
    const names = (relations?.[1] ?? relations?.[2] ?? "").toLowerCase().split(/\s+/)
    if (url !== undefined && names.includes("next")) return url
  }
  return null
}
