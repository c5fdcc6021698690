import type { JsonObject } from "../model/Json.js"
import type { RequestSpec } from "./Connection.js"

/** A method and a path whose parts in braces are filled: `GET /workflows/{workflowId}/logs`. */
export type Route = (
  /** The values of the parts in braces, by name; null leaves a part empty. */
  parts: { readonly [name: string]: unknown },
  /** Sent in the URL of a GET, and in the body of a POST. */
  params: JsonObject,
) => RequestSpec

/**
 * Reads a route. Throws if it is not a GET or POST of a path. The route itself throws if a part has
 * no value.
 */
export const readRoute = (route: string): Route => {
  const [, method, path] = /^(GET|POST) (\/\S*)$/.exec(route) ?? []
  if (path === undefined) {
    throw new Error(
      `"${route}" is not a route such as "GET /runs" or "POST /runs/filter". Write one, or give request.`,
    )
  }
  return (parts, params) => {
    const filled = path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
      if (!Object.hasOwn(parts, name)) throw new Error(`nothing fills {${name}} of ${route}`)
      const part = parts[name]
      return typeof part === "string" || typeof part === "number" ? pathPart(String(part)) : ""
    })
    if (method === "POST") return { method, path: filled, body: params }
    return Object.keys(params).length === 0
      ? { method: "GET", path: filled }
      : { method: "GET", path: filled, query: params }
  }
}

/** The names in braces of a route. */
export const partsOf = (route: string): ReadonlyArray<string> =>
  [...route.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name)

/** Encodes a text as one part of a path. A lone surrogate, which JSON may contain, would throw. */
export const pathPart = (text: string): string => encodeURIComponent(text.toWellFormed())
