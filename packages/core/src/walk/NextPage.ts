import type { PageInfo } from "../adapter/Connection.js"
import { isCounted, type Pagination, type Slice } from "../adapter/Pagination.js"
import { guarded, DecodeFault } from "../model/DecodeFault.js"
import { type ByName, nameOf, type Paging } from "./Paging.js"
import { rawId, type Row } from "./Row.js"

// The next page as reported by a page: its token, if pages are not counted, and whether there is one.

/** Whether the name of a page is its URL. */
export const namesUrls = ({ style }: Pagination): boolean =>
  style === "nextUrl" || style === "linkHeader"

/** Adds whether more follows, if the provider fills its pages: a page that is not full is the last. */
export const withMore = (pagination: Pagination, page: PageInfo, size: number): PageInfo =>
  isCounted(pagination) && pagination.fillsPages && page.more === null && page.total === null
    ? { ...page, more: page.items.length >= size }
    : page

/** Adds the name of the next page, and whether there is one. */
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

/** How the page after one is requested that says its name. */
export const nextByName = (
  paging: ByName,
  { next }: PageInfo,
  rows: ReadonlyArray<Row>,
): ByName => ({ ...paging, name: next, place: paging.place + rows.length })

/** The name to request a page of this size by; null for the first page, and where pages are counted. */
export const nameToSend = (
  pagination: Pagination,
  paging: Paging,
  { size }: Pick<Slice, "size">,
): string | null => {
  const name = nameOf(paging)
  if (pagination.style !== "cursor" || name === null) return name
  const resized = guarded((cursor: string) => pagination.resized?.(cursor, size) ?? cursor, name)
  return resized instanceof DecodeFault ? name : resized
}

/** The URL with `rel="next"` in a header `Link` (RFC 8288); null if it has none. */
export const nextLink = (header: string): string | null => {
  for (const [, url, parameters = ""] of header.matchAll(/<([^<>]*)>((?:[^,"<]|"[^"]*")*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters)
    const names = (relations?.[1] ?? relations?.[2] ?? "").toLowerCase().split(/\s+/)
    if (url !== undefined && names.includes("next")) return url
  }
  return null
}
