import type { Json } from "@execlog/core"
import { isArray, isObject } from "../kit/JsonPath.js"

/** How a field of the responses differs from the earlier recording. */
export interface ShapeDifference {
  /** `data[].workflow_run.status`; empty for the response itself. */
  readonly path: string
  readonly change: "appeared" | "vanished" | "changed"
  /** Its types then and now: `string`, `null or number`. Null if it was missing. */
  readonly before: string | null
  readonly after: string | null
}

type Shape = ReadonlyMap<string, Place>

interface Place {
  readonly parent: string | null
  readonly types: Set<string>
}

/**
 * How responses differ in shape from earlier ones. Reports only the root of a new or removed branch.
 * Ignores the content of lists that were empty and objects that were null, and fields that are no longer
 * null: responses show what is possible, never what is impossible.
 */
export const shapeDifferences = (
  before: ReadonlyArray<Json>,
  after: ReadonlyArray<Json>,
): ReadonlyArray<ShapeDifference> => {
  const [then, now] = [shapeOf(before), shapeOf(after)]
  const paths = [...new Set([...then.keys(), ...now.keys()])].toSorted()
  return paths.flatMap((path): ReadonlyArray<ShapeDifference> => {
    const [old, current] = [then.get(path), now.get(path)]
    const parent = (old ?? current)?.parent ?? null
    const isComparable = parent === null || (holds(then, path, parent) && holds(now, path, parent))
    if (!isComparable) return []
    const types = { before: typesText(old), after: typesText(current) }
    if (old === undefined) return [{ path, change: "appeared", ...types }]
    if (current === undefined) return [{ path, change: "vanished", ...types }]
    const gained = [...current.types].some((type) => !old.types.has(type))
    const lost = [...old.types].some((type) => type !== "null" && !current.types.has(type))
    // If every value was null, its other types are unknown.
    const isChanged = !isNullOnly(old) && (gained || (lost && !isNullOnly(current)))
    return isChanged ? [{ path, change: "changed", ...types }] : []
  })
}

const isNullOnly = ({ types }: Place): boolean => types.size === 1 && types.has("null")

const typesText = (place: Place | undefined): string | null =>
  place === undefined ? null : [...place.types].toSorted().join(" or ")

/** Whether a shape has the parent of a path. */
const holds = (shape: Shape, path: string, parent: string): boolean =>
  path === `${parent}[]`
    ? shape.has(path) && shape.get(parent)?.types.has("list") === true
    : shape.get(parent)?.types.has("object") === true

const shapeOf = (answers: ReadonlyArray<Json>): Shape => {
  const shape = new Map<string, Place>()
  const note = (value: Json, path: string, parent: string | null): void => {
    const place = shape.get(path) ?? { parent, types: new Set<string>() }
    shape.set(path, place)
    place.types.add(typeOf(value))
    if (isArray(value)) for (const inner of value) note(inner, `${path}[]`, path)
    else if (isObject(value)) {
      for (const [name, inner] of Object.entries(value)) {
        note(inner, path === "" ? name : `${path}.${name}`, path)
      }
    }
  }
  for (const answer of answers) note(answer, "", null)
  return shape
}

const typeOf = (value: Json): string =>
  value === null ? "null" : isArray(value) ? "list" : typeof value
