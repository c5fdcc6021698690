import type { Json } from "@execlog/core"
import { parseJson } from "@execlog/core/adapter"
import { isArray, isObject } from "../kit/JsonPath.js"
import { type ShapeDifference, shapeDifferences } from "./ShapeDifference.js"

/** A difference in shape between the responses of two recordings of a fixture. */
export interface AnswerDifference extends ShapeDifference {
  /** The route of the responses, such as `POST /task_runs/filter`; null for all routes together. */
  readonly route: string | null
}

/**
 * Compares the texts of two fixtures, route by route, since joined rows may have fields of the same names.
 * A route in only one of them is not compared. If they share no route, the provider's URLs have changed,
 * and all responses are compared.
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

/** The exchanges in a file of unknown content. */
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

/** The path of a base URL, without a trailing slash. */
const pathOf = (baseUrl: Json | undefined): string =>
  typeof baseUrl === "string" && URL.canParse(baseUrl)
    ? new URL(baseUrl).pathname.replace(/\/$/, "")
    : ""

/** The route as adapters name it: without base URL, parameters and the requested id. */
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
