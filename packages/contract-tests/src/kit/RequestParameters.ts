import type { Json, JsonObject } from "@execlog/core"
import { isJsonList, isJsonObject, parseJson } from "@execlog/core/adapter"

/** A request with parameters. */
export interface ParameterizedRequest {
  /** The URL, or path and query. */
  readonly url: string
  /** Empty if there is none. */
  readonly body: string
}

// Only the path and query are used.
const base = "http://127.0.0.1"

/** The parameters of a request: of its JSON body, else of its URL, as texts. */
export const parametersOf = ({ url, body }: ParameterizedRequest): JsonObject => {
  const inBody = parseJson(body)
  return isJsonObject(inBody) ? inBody : Object.fromEntries(new URL(url, base).searchParams)
}

/** The request with other parameters. */
export const withParameters = (
  request: ParameterizedRequest,
  parameters: JsonObject,
): ParameterizedRequest => {
  if (isJsonObject(parseJson(request.body))) {
    return { url: request.url, body: JSON.stringify(parameters) }
  }
  const [path = ""] = request.url.split("?")
  const written = Object.entries(parameters).map(([name, value]) => [name, textOf(value)])
  const query = new URLSearchParams(written).toString()
  return { url: query === "" ? path : `${path}?${query}`, body: request.body }
}

const textOf = (value: Json): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value)

/** Whether parameters contain a fragment, possibly as JSON text. */
export const heldBy = (parameters: JsonObject, fragment: JsonObject): boolean =>
  Object.keys(fragment).length > 0 && holdsAll(parameters, fragment)

const holdsAll = (held: Json, part: Json): boolean => {
  const value = typeof held === "string" && typeof part === "object" ? parseJson(held) : held
  if (isJsonList(part)) {
    return isJsonList(value) && part.every((one) => value.some((other) => holdsAll(other, one)))
  }
  if (isJsonObject(part)) {
    return (
      isJsonObject(value) &&
      Object.entries(part).every(([name, inner]) => holdsAll(value[name] ?? null, inner))
    )
  }
  return String(value) === String(part)
}
