import type { Json } from "@execlog/core"
import { isArray, isObject } from "../kit/JsonPath.js"

/**
 * The page positions in a fixture: parameters of URLs in Link headers, and values that a request took from
 * the response before it. They look like tokens but are not secret.
 */
export const positionsOf = (fixture: Json): ReadonlyArray<string> => {
  if (!isObject(fixture)) return []
  const resumed = isArray(fixture["resumed"]) ? fixture["resumed"] : []
  return [fixture, ...resumed].flatMap((walk) =>
    isObject(walk) && isArray(walk["exchanges"])
      ? walk["exchanges"].flatMap((exchange, index, all) => goneOn(exchange, all[index + 1]))
      : [],
  )
}

/** The positions in the response of an exchange, as the response or the next request shows them. */
const goneOn = (exchange: Json, following: Json | undefined): ReadonlyArray<string> => {
  if (!isObject(exchange)) return []
  const asked = new Set(valuesOf(exchange["path"]))
  const headers = isArray(exchange["rawHeaders"]) ? exchange["rawHeaders"] : []
  const linked = headers.flatMap(linksIn).flatMap(valuesOf)
  const answer = JSON.stringify(exchange["response"] ?? null)
  const taken = isObject(following)
    ? valuesOf(following["path"]).filter((value) => stands(value, answer))
    : []
  return [...linked, ...taken].filter((value) => !asked.has(value))
}

/** Whether a response contains a value, plain or URL-encoded. */
const stands = (value: string, answer: string): boolean =>
  answer.includes(value) || answer.includes(encodeURIComponent(value))

/** The URLs in a Link header. */
const linksIn = (header: Json): ReadonlyArray<string> =>
  typeof header === "string" ? [...header.matchAll(/<([^<>]*)>/g)].map(([, to = ""]) => to) : []

const valuesOf = (address: Json | undefined): ReadonlyArray<string> =>
  typeof address === "string" && URL.canParse(address, "http://server.invalid")
    ? [...new URL(address, "http://server.invalid").searchParams.values()]
    : []
