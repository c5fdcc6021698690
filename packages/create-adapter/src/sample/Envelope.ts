import { isList, isObject, type Json, type JsonObject } from "../shared/Json.js"
import { plain } from "../shared/Names.js"
import { UsageError } from "../shared/UsageError.js"

/** The envelope of the items in a list response. */
export interface Envelope {
  /** Where the items are; empty where the response is the list itself. */
  readonly path: ReadonlyArray<string>
  readonly items: ReadonlyArray<Json>
  /** Where it says whether more follow. */
  readonly more: ReadonlyArray<string> | null
  /** Where it says how many there are in all. */
  readonly total: ReadonlyArray<string> | null
  /** Where it says how to ask for the next page, and whether that is a URL or a cursor. */
  readonly next: { readonly path: ReadonlyArray<string>; readonly is: "url" | "cursor" } | null
  /** All its names outside of the items, by themselves without case and style. */
  readonly names: ReadonlyMap<string, string>
}

interface Place {
  readonly path: ReadonlyArray<string>
  readonly value: Json
}

const deepest = 3

/** All values inside of objects, the outer ones first. */
const placesOf = (object: JsonObject): ReadonlyArray<Place> => {
  const places: Array<Place> = []
  let level: ReadonlyArray<Place> = [{ path: [], value: object }]
  for (let depth = 0; depth < deepest; depth++) {
    level = level.flatMap(({ path, value }) =>
      isObject(value)
        ? Object.entries(value).map(([name, inner]) => ({ path: [...path, name], value: inner }))
        : [],
    )
    places.push(...level)
  }
  return places
}

const isItems = (value: Json): value is ReadonlyArray<JsonObject> =>
  isList(value) && value.length > 0 && value.every(isObject)

/**
 * Finds the items of a sample and what stands around them: at `wanted`, a path of names with dots
 * between them, or where the first list of objects is. Throws a UsageError where there are none.
 */
export const envelopeOf = (sample: Json, wanted: string | undefined): Envelope => {
  const places = isObject(sample) ? placesOf(sample) : []
  const found =
    wanted !== undefined && wanted !== "" && wanted !== "."
      ? places.find(({ path }) => path.join(".") === wanted)
      : [{ path: [], value: sample }, ...places].find(({ value }) => isItems(value))
  const where = wanted === undefined ? "" : ` at ${wanted}`
  if (found === undefined || !isItems(found.value)) {
    throw new UsageError(
      `The sample response contains no list of executions${where}. ` +
        "Use a response with at least one execution, and set --items to the path of the list, such as data.items.",
    )
  }
  const around = places.filter(({ path }) => path.join(".") !== found.path.join("."))
  const at = (names: ReadonlyArray<string>, fits: (value: Json) => boolean) =>
    around.find(({ path, value }) => names.includes(plain(path.at(-1) ?? "")) && fits(value))?.path
  return {
    path: found.path,
    items: found.value,
    more: at(moreNames, (value) => typeof value === "boolean") ?? null,
    total: at(totalNames, (value) => Number.isSafeInteger(value)) ?? null,
    next: nextOf(around),
    names: new Map(around.flatMap(({ path }) => path.slice(-1)).map((name) => [plain(name), name])),
  }
}

const moreNames = ["hasmore", "hasnext", "hasnextpage", "more"]
const totalNames = ["total", "totalcount", "totalitems", "totalresults", "totalrecords"]
const cursorNames = ["nextcursor", "nextpagetoken", "nexttoken", "endcursor", "continuationtoken"]
const urlNames = ["next", "nexturl", "nextlink", "nextpageurl", "odatanextlink"]

const nextOf = (around: ReadonlyArray<Place>): Envelope["next"] => {
  for (const { path, value } of around) {
    const name = plain(path.at(-1) ?? "")
    if (value !== null && typeof value !== "string") continue
    if (cursorNames.includes(name)) return { path, is: "cursor" }
    if (!urlNames.includes(name)) continue
    // A last page says null: a bare `next` is a URL more often than not.
    return { path, is: value === null || /^(https?:\/\/|[/?])/.test(value) ? "url" : "cursor" }
  }
  return null
}
