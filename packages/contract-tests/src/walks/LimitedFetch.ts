import {
  type Connection,
  type FilterPlan,
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
} from "@execlog/core"

/** A list endpoint of a connection. */
type ListEndpoint = Connection["list"]

/** The name of a filter. */
export type FilterName = FilterPlan["filter"]

/** What a server does otherwise than it is asked. */
export interface Limits {
  /** The largest page, for each request in turn and then again from the first; none where empty. */
  readonly clamps: ReadonlyArray<number>
  /** The filters that it takes no notice of. */
  readonly ignores: ReadonlyArray<FilterName>
  /** From which request on, counted from 0. */
  readonly ignoresFrom: number
}

/**
 * A fetch that takes from each request what a server would not heed: as if it clamped the size of
 * its pages or did not know a parameter.
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
    const url = new URL(String(input))
    const { size } = endpoint.pagination
    const clamp = limits.clamps[request % Math.max(1, limits.clamps.length)]
    if (clamp !== undefined && size !== null) {
      url.searchParams.set(size, String(Math.min(clamp, Number(url.searchParams.get(size)))))
    }
    if (request >= limits.ignoresFrom) {
      for (const filter of limits.ignores) {
        for (const [some, other] of fragmentsOf(endpoint, sent, filter)) {
          withoutFragment(url.searchParams, some, other)
        }
      }
    }
    return fetch(url, init)
  }
}

/** Two fragments of a filter: where they differ stands a value that each request says anew. */
const fragmentsOf = (
  { time }: ListEndpoint,
  sent: ReadonlyArray<{ readonly filter: FilterName; readonly sent: JsonObject }>,
  filter: FilterName,
): ReadonlyArray<readonly [JsonObject, JsonObject]> => {
  const bound =
    filter === "startedBefore" ? time.before : filter === "startedAfter" ? time.after : null
  if (bound !== null) return [[bound(0), bound(1_234_567_890_000)]]
  return sent.filter((of) => of.filter === filter).map((of) => [of.sent, of.sent])
}

const withoutFragment = (
  parameters: URLSearchParams,
  some: JsonObject,
  other: JsonObject,
): void => {
  for (const [name, value] of Object.entries(some)) {
    const text = parameters.get(name)
    if (text === null) continue
    const alternative = other[name] ?? null
    if (!isJsonList(value) || !isJsonList(alternative)) {
      if (typeof value !== "string" || value !== alternative || value === text) {
        parameters.delete(name)
      }
      continue
    }
    const items: ReadonlyArray<Json> = JSON.parse(text)
    const left = items.filter(
      (item) => !value.some((element, index) => isAlike(element, alternative[index] ?? null, item)),
    )
    if (left.length === 0) parameters.delete(name)
    else parameters.set(name, JSON.stringify(left))
  }
}

/** Whether a value is like two others: the same where they are the same, anything where they differ. */
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

/** The endpoint of a connection by its name. */
export const endpointOf = (connection: Connection, name: string): ListEndpoint =>
  connection.detail?.name === name ? connection.detail : connection.list
