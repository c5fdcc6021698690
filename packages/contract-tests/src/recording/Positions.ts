import type { Json } from "@execlog/core"
import { isArray, isObject } from "../kit/JsonPath.js"

/**
 * Where the pages of a fixture go on: the parameters of the addresses in the header Link, and those
 * that a request took from the answer before it. They look like tokens and open nothing.
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

/** What the answer of an exchange says of where to go on, or the next request shows that it said. */
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

/** Whether a value stands in an answer, plainly or as in an address. */
const stands = (value: string, answer: string): boolean =>
  answer.includes(value) || answer.includes(encodeURIComponent(value))

/** The addresses of other pages in a header Link. */
const linksIn = (header: Json): ReadonlyArray<string> =>
  typeof header === "string" ? [...header.matchAll(/<([^<>]*)>/g)].map(([, to = ""]) => to) : []

const valuesOf = (address: Json | undefined): ReadonlyArray<string> =>
  typeof address === "string" && URL.canParse(address, "http://server.invalid")
    ? [...new URL(address, "http://server.invalid").searchParams.values()]
    : []
