import type { Json } from "@execlog/core"
import { parseJson } from "@execlog/core/adapter"
import { isArray, isObject } from "../kit/JsonPath.js"
import { type ShapeDifference, shapeDifferences } from "./ShapeDifference.js"

/** How the answers of a fixture differ in shape from those of an earlier one. */
export interface AnswerDifference extends ShapeDifference {
  /** Which answers: `POST /task_runs/filter`. Null for those of all routes together. */
  readonly route: string | null
}

/**
 * Compares two fixtures by their texts, each route by itself: rows that are joined have fields of
 * the same names as those that they are joined to. A route that one of them did not ask has nothing
 * to compare; where they share none, the provider's addresses have changed, and all is compared.
 */
export const answerDifferences = (
  earlier: string,
  later: string,
): ReadonlyArray<AnswerDifference> => {
  const [before, after] = [exchangesOf(parseJson(earlier)), exchangesOf(parseJson(later))]
  const shared = [...new Set(before.map(({ route }) => route))].filter((route) =>
    after.some((exchange) => exchange.route === route),
  )
  const [statuses, statusesNow] = [statusesOf(before), statusesOf(after)]
  return [
    ...(statuses === statusesNow
      ? []
      : [
          {
            route: null,
            path: "(HTTP status)",
            change: "changed" as const,
            before: statuses,
            after: statusesNow,
          },
        ]),
    ...(shared.length === 0 ? [null] : shared).flatMap((route) =>
      shapeDifferences(answersOf(before, route), answersOf(after, route)).map((difference) => ({
        route,
        ...difference,
      })),
    ),
  ]
}

interface Compared {
  readonly route: string
  readonly status: Json
  readonly answer: Json
}

const answersOf = (exchanges: ReadonlyArray<Compared>, route: string | null): ReadonlyArray<Json> =>
  exchanges
    .filter((exchange) => route === null || exchange.route === route)
    .map(({ answer }) => answer)

const statusesOf = (exchanges: ReadonlyArray<Compared>): string =>
  [...new Set(exchanges.map(({ status }) => status))].join(", ")

/** What a file that may be anything holds of exchanges. */
const exchangesOf = (fixture: Json | undefined): ReadonlyArray<Compared> => {
  if (!isObject(fixture)) return []
  const { exchanges, settings, query } = fixture
  const base = pathOf(isObject(settings) ? settings["baseUrl"] : undefined)
  const id = isObject(query) ? query["get"] : undefined
  return (isArray(exchanges) ? exchanges : []).filter(isObject).map((exchange) => ({
    route: routeOf(exchange["method"], exchange["path"], base, id),
    status: exchange["status"] ?? null,
    answer: exchange["response"] ?? null,
  }))
}

/** The path of a base URL, without a slash at its end. */
const pathOf = (baseUrl: Json | undefined): string =>
  typeof baseUrl === "string" && URL.canParse(baseUrl)
    ? new URL(baseUrl).pathname.replace(/\/$/, "")
    : ""

/** As the adapter names it: without the server's part, parameters and the id that was asked for. */
const routeOf = (
  method: Json | undefined,
  path: Json | undefined,
  base: string,
  id: Json | undefined,
): string => {
  const [pathname = ""] = String(path).split("?")
  const own = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname
  const segments = own.split("/")
  const named = segments.map((segment) =>
    typeof id === "string" && segment === encodeURIComponent(id) ? "{id}" : segment,
  )
  return `${String(method)} ${named.join("/")}`
}
