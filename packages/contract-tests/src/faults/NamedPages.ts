import type { Json } from "@execlog/core"
import { type Connection, parseJson } from "@execlog/core/adapter"
import { valuesWithin, withValue } from "../kit/JsonPath.js"
import { type ParameterizedRequest, parametersOf } from "../kit/RequestParameters.js"
import type { Answer } from "./FaultProxy.js"

/** How pages of an endpoint name the next one. */
export interface NamedPages {
  /** Whether the name is a URL. */
  readonly isUrl: boolean
  /** The name in a response; null at the end. */
  readonly next: (answer: Answer) => string | null
  /** The response with another name. */
  readonly withNext: (answer: Answer, name: string) => Answer
  /** The name in a request; null if it has none. */
  readonly requestedName: (request: ParameterizedRequest) => string | null
}

/** How an endpoint names its pages; null if it does not. */
export const namedPages = (endpoint: Connection["list"]): NamedPages | null => {
  const { pagination } = endpoint
  switch (pagination.style) {
    case "pageNumber":
    case "offset":
    case "lastItem":
    case "single":
      return null
    case "cursor":
      return {
        isUrl: false,
        ...inBody(endpoint),
        requestedName: (request) => {
          const name = parametersOf(request)[pagination.cursor]
          return typeof name === "string" ? name : null
        },
      }
    case "nextUrl":
      return { isUrl: true, ...inBody(endpoint), requestedName: ({ url }) => url }
    case "linkHeader":
      return {
        isUrl: true,
        next: ({ headers }) => /<([^<>]*)>;\s*rel="?next/.exec(headers["link"] ?? "")?.[1] ?? null,
        withNext: (answer, name) => ({
          ...answer,
          headers: { ...answer.headers, link: `<${name}>; rel="next"` },
        }),
        requestedName: ({ url }) => url,
      }
  }
}

const inBody = (endpoint: Connection["list"]): Pick<NamedPages, "next" | "withNext"> => {
  const next = (body: Json): string | null => {
    const page = endpoint.page(body)
    return page.ok ? page.value.next : null
  }
  return {
    next: ({ body }) => next(parseJson(String(body)) ?? null),
    withNext: (answer, name) => {
      const body = parseJson(String(answer.body)) ?? null
      const before = next(body)
      const place = [...valuesWithin(body)].find(({ value }) => before !== null && value === before)
      return place === undefined
        ? answer
        : { ...answer, body: JSON.stringify(withValue(body, place.path, name)) }
    },
  }
}
