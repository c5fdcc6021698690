import { plain } from "../shared/Names.js"
import { UsageError } from "../shared/UsageError.js"
import type { Envelope } from "./Envelope.js"

/** A style of paging: how core calls it, and how an adapter declares it. */
export interface PagingStyle {
  /** The constructor of core's Pagination. */
  readonly name: string
  readonly title: string
  /** The parameters that it takes, with the names by which most providers call them. */
  readonly parameters: Parameters
  /** The fields that `info` returns from the envelope, beside the items. */
  readonly info: ReadonlyArray<"more" | "total" | "next">
  /** Whether pages are asked for by the number of rows before them. */
  readonly isCounted: boolean
  /** Whether the next page is named by the provider, which may count rows or not. */
  readonly isNamed: boolean
}

/** Parameters by core's name for them, with the provider's names that are looked for, the likeliest first. */
interface Parameters {
  readonly [option: string]: ReadonlyArray<string>
}

const size = ["limit", "per_page", "page_size", "pageSize", "perPage", "size", "take"]

/** The styles that core has. */
export const pagingStyles: ReadonlyArray<PagingStyle> = [
  {
    name: "pageNumber",
    title: "numbered pages",
    parameters: { page: ["page", "page_number", "pageNumber"], size },
    info: ["more", "total"],
    isCounted: true,
    isNamed: false,
  },
  {
    name: "offset",
    title: "offsets",
    parameters: { offset: ["offset", "skip"], size },
    info: ["more", "total"],
    isCounted: true,
    isNamed: false,
  },
  {
    name: "cursor",
    title: "a cursor in each page",
    parameters: { cursor: ["cursor", "page_token", "pageToken", "after"], size },
    info: ["next", "total"],
    isCounted: false,
    isNamed: true,
  },
  {
    name: "lastItem",
    title: "the id of the last item",
    parameters: { after: ["starting_after", "after", "after_id"], size },
    info: ["more", "total"],
    isCounted: false,
    isNamed: false,
  },
  {
    name: "nextUrl",
    title: "the URL of the next page in each page",
    parameters: { size },
    info: ["next", "total"],
    isCounted: false,
    isNamed: true,
  },
  {
    name: "linkHeader",
    title: "the Link header, which curl -i shows",
    parameters: { size },
    info: ["total"],
    isCounted: false,
    isNamed: true,
  },
  {
    name: "single",
    title: "all on one page",
    parameters: {},
    info: ["total"],
    isCounted: false,
    isNamed: false,
  },
]

/** The style of that name, without case and style. Throws a UsageError that names those there are. */
export const pagingStyle = (name: string): PagingStyle => {
  const style = pagingStyles.find((each) => plain(each.name) === plain(name))
  if (style === undefined) {
    const names = pagingStyles.map((each) => each.name).join(", ")
    throw new UsageError(`--paging "${name}" is not known. Use one of: ${names}.`)
  }
  return style
}

/** The paging that the envelope of a sample shows. */
export interface PagingGuess {
  /** The style's name, which core may not have; null where nothing tells. */
  readonly name: string | null
  readonly because: string
}

/** Guesses the style by the envelope. */
export const guessPaging = ({ next, names, more, total, path }: Envelope): PagingGuess => {
  if (next !== null) {
    const because = `the sample contains ${next.path.join(".")}`
    return { name: next.is === "url" ? "nextUrl" : "cursor", because }
  }
  const has = (options: ReadonlyArray<string>) => options.find((name) => names.has(plain(name)))
  const offset = has(["offset", "skip"])
  if (offset !== undefined) return { name: "offset", because: `the sample contains ${offset}` }
  const page = has(["page", "page_number", "current_page", "total_pages", "page_count"])
  if (page !== undefined) return { name: "pageNumber", because: `the sample contains ${page}` }
  if (more !== null && names.has("object")) {
    const because = `the sample contains ${more.join(".")} and no page number`
    return { name: "lastItem", because }
  }
  const counted = more ?? total
  if (counted !== null) {
    const because = `the sample contains ${counted.join(".")}; it could also be offset or lastItem`
    return { name: "pageNumber", because }
  }
  return {
    name: null,
    because: path.length === 0 ? "the sample is a bare list" : "the sample has no field for it",
  }
}

/** The declaration of a style, with the names of parameters that the envelope repeats. */
export const paginationSource = (style: PagingStyle, envelope: Envelope | null): string => {
  const options = Object.entries(style.parameters).map(([option, names]) => {
    const repeated = names.map((each) => envelope?.names.get(plain(each))).find(Boolean)
    const name = repeated ?? names[0] ?? ""
    return `${option}: ${JSON.stringify(name)}`
  })
  const given = options.length === 0 ? "" : `{ ${options.join(", ")} }`
  return `Pagination.${style.name}(${given})`
}
