import type { FilterPlan, Json, JsonObject } from "@execlog/core"
import { isJsonList, isJsonObject, parseJson } from "@execlog/core/adapter"
import type { ListEndpoint } from "../kit/ListEndpoint.js"
import { parametersOf, withParameters } from "../kit/RequestParameters.js"

/** The name of a filter. */
export type FilterName = FilterPlan["filter"]

/** How a server deviates from requests. */
export interface Limits {
  /** The largest page for each request, cyclically; empty for no limit. */
  readonly clamps: ReadonlyArray<number>
  /** The filters that it ignores. */
  readonly ignores: ReadonlyArray<FilterName>
  /** The index of the request from which it ignores them. */
  readonly ignoresFrom: number
}

/**
 * A fetch that changes requests as if the server clamped the page size or ignored a parameter.
 */
export const limitedFetch = (
  fetch: typeof globalThis.fetch,
  endpoint: ListEndpoint,
  sent: ReadonlyArray<{ readonly filter: FilterName; readonly sent: JsonObject }>,
  limits: Limits,
  beforeRequest: (count: number) => void,
): typeof globalThis.fetch => {
  let count = 0
  return (input, init) => {
    const request = count
    count += 1
    beforeRequest(request)
    const asked = { url: String(input), body: typeof init?.body === "string" ? init.body : "" }
    const parameters: Record<string, Json> = { ...parametersOf(asked) }
    const { size } = endpoint.pagination
    const clamp = limits.clamps[request % Math.max(1, limits.clamps.length)]
    if (clamp !== undefined && size !== null && !fillsPages(endpoint)) {
      parameters[size] = Math.min(clamp, Number(parameters[size]))
    }
    const left =
      request < limits.ignoresFrom
        ? parameters
        : limits.ignores
            .flatMap((filter) => fragmentsOf(endpoint, sent, filter))
            .reduce<JsonObject>((rest, [some, other]) => without(rest, some, other), parameters)
    const { url, body } = withParameters(asked, left)
    return fetch(url, body === "" ? init : { ...init, body })
  }
}

/** Whether the provider never clamps, so that clamping is not tried. */
const fillsPages = ({ pagination }: ListEndpoint): boolean =>
  "fillsPages" in pagination && pagination.fillsPages

/** Two fragments of a filter; they differ where each request has another value. */
const fragmentsOf = (
  { time }: ListEndpoint,
  sent: ReadonlyArray<{ readonly filter: FilterName; readonly sent: JsonObject }>,
  filter: FilterName,
): ReadonlyArray<readonly [JsonObject, JsonObject]> => {
  const bound = filter === "until" ? time.before : filter === "since" ? time.after : null
  const own = sent.filter((of) => of.filter === filter).map((of) => [of.sent, of.sent] as const)
  return bound === null ? own : [[bound(0), bound(1_234_567_890_000)], ...own]
}

/** Parameters without a fragment, given as two examples. */
const without = (parameters: JsonObject, some: JsonObject, other: JsonObject): JsonObject => {
  const left: Record<string, Json> = { ...parameters }
  for (const [name, value] of Object.entries(some)) {
    const alternative = other[name] ?? null
    const given = left[name]
    if (given === undefined) continue
    const held = typeof given === "string" && typeof value === "object" ? parseJson(given) : given
    const rest = withoutValue(held ?? null, value, alternative)
    if (rest === undefined) delete left[name]
    else left[name] = rest
  }
  return left
}

const withoutValue = (held: Json, value: Json, alternative: Json): Json | undefined => {
  if (isJsonList(value) && isJsonList(alternative) && isJsonList(held)) {
    const left = held.filter(
      (item) => !value.some((element, index) => isAlike(element, alternative[index] ?? null, item)),
    )
    return left.length === 0 ? undefined : left
  }
  if (isJsonObject(value) && isJsonObject(alternative) && isJsonObject(held)) {
    const left = without(held, value, alternative)
    return Object.keys(left).length === 0 ? undefined : left
  }
  if (isJsonList(value) && isJsonList(alternative) && typeof held === "string") {
    return withoutConditions(held, value, alternative)
  }
  return typeof value !== "string" || value !== alternative || value === held ? undefined : held
}

const and = " AND "

/** A filter that is one text, as in SQL, without its conditions that match two examples. */
const withoutConditions = (
  held: string,
  values: ReadonlyArray<Json>,
  alternatives: ReadonlyArray<Json>,
): string | undefined => {
  const left = held
    .split(and)
    .filter(
      (condition) =>
        !values.some((value, index) =>
          isLike(String(value), String(alternatives[index]), condition),
        ),
    )
  return left.length === 0 ? undefined : left.join(and)
}

/** Whether a text matches two examples: it begins and ends as both do. */
const isLike = (some: string, other: string, text: string): boolean => {
  if (some === other) return text === some
  let begin = 0
  while (begin < some.length && some[begin] === other[begin]) begin += 1
  return text.startsWith(some.slice(0, begin))
}

/** Whether a value matches two examples: equal where they agree, anything where they differ. */
const isAlike = (some: Json, other: Json, value: Json): boolean => {
  const [left, right, found] = [some, other, value].map((json) => JSON.stringify(json))
  if (left === right) return left === found
  if (!isJsonObject(some) || !isJsonObject(other)) return !isJsonObject(value)
  return (
    isJsonObject(value) &&
    Object.keys(some).every((key) =>
      isAlike(some[key] ?? null, other[key] ?? null, value[key] ?? null),
    )
  )
}
