import type { Json } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import { isArray, type JsonPath, pathText, valuesWithin } from "./JsonPath.js"

/** Where the items of a page are in the response. */
export interface ItemPlace {
  /** The path of the array of elements. */
  readonly list: JsonPath
  /** The path of the item within an element. */
  readonly within: JsonPath
}

/** The place of the items that an endpoint reads, found by identity; null if it reads none. */
export const placeOfItems = (endpoint: Connection["list"], body: Json): ItemPlace | null => {
  const page = endpoint.page(body)
  const first = page.ok ? page.value.items[0] : undefined
  if (first === undefined) return null
  for (const { path, value } of valuesWithin(body)) {
    if (value !== first) continue
    const split = path.findIndex((key) => typeof key === "number")
    return { list: path.slice(0, split), within: path.slice(split + 1) }
  }
  return null
}

/** The elements of the array of items. */
export const elementsOf = (body: Json, { list }: ItemPlace): ReadonlyArray<Json> => {
  const elements = valueAt(body, list)
  return isArray(elements) ? elements : []
}

/** The value at a path; null if there is none. */
export const valueAt = (root: Json, path: JsonPath): Json =>
  path.length === 0
    ? root
    : ([...valuesWithin(root)].find(({ path: at }) => pathText(at) === pathText(path))?.value ??
      null)
