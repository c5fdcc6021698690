import type { Connection, Json } from "@execlog/core"
import { isArray, type JsonPath, pathText, valuesWithin } from "./JsonPath.js"

/** Where the items of a page stand in the answer. */
export interface ItemPlace {
  /** The array that holds them. */
  readonly list: JsonPath
  /** Where in its elements each item stands. */
  readonly within: JsonPath
}

/** The place of the items that an endpoint reads, by their identity; null where it reads none. */
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

/** The elements of the array that holds the items. */
export const elementsOf = (body: Json, { list }: ItemPlace): ReadonlyArray<Json> => {
  const elements = valueAt(body, list)
  return isArray(elements) ? elements : []
}

/** The value at a path; null where there is none. */
export const valueAt = (root: Json, path: JsonPath): Json =>
  path.length === 0
    ? root
    : ([...valuesWithin(root)].find(({ path: at }) => pathText(at) === pathText(path))?.value ??
      null)
