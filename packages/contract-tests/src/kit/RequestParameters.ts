import type { Json, JsonObject } from "@execlog/core"
import { isJsonList, isJsonObject, parseJson } from "@execlog/core/adapter"

/** A request, as far as its parameters go. */
export interface ParameterizedRequest {
  /** The URL, or path and query. */
  readonly url: string
  /** Empty where there is none. */
  readonly body: string
}

// Only its path and query are looked at.
const base = "http://127.0.0.1"

/** The parameters of a request, wherever they stand: in a JSON body, else as texts in the URL. */
export const parametersOf = ({ url, body }: ParameterizedRequest): JsonObject => {
  const inBody = parseJson(body)
  return isJsonObject(inBody) ? inBody : Object.fromEntries(new URL(url, base).searchParams)
}

/** The request with other parameters in the place of its own. */
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

/** Whether parameters hold all of a fragment, which may stand in them as a text of JSON. */
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
