import type { Json } from "@execlog/core"
import { isArray, isObject } from "../kit/JsonPath.js"

/** How a field of the answers differs from what it was when they were recorded before. */
export interface ShapeDifference {
  /** `data[].workflow_run.status`; empty for the answer itself. */
  readonly path: string
  readonly change: "appeared" | "vanished" | "changed"
  /** Its types then and now: `string`, `null or number`. Null where it was not there. */
  readonly before: string | null
  readonly after: string | null
}

type Shape = ReadonlyMap<string, Place>

interface Place {
  readonly parent: string | null
  readonly types: Set<string>
}

/**
 * How answers differ in shape from earlier ones. Of a branch that came or went only its root is
 * told, what lies in a list that was empty or an object that was null is not compared, and a field
 * that is no longer null anywhere has not changed: answers show what may be, never what may not.
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
    // Where every value was null, nothing was known of what else it may be.
    const isChanged = !isNullOnly(old) && (gained || (lost && !isNullOnly(current)))
    return isChanged ? [{ path, change: "changed", ...types }] : []
  })
}

const isNullOnly = ({ types }: Place): boolean => types.size === 1 && types.has("null")

const typesText = (place: Place | undefined): string | null =>
  place === undefined ? null : [...place.types].toSorted().join(" or ")

/** Whether a shape has something at the parent in which the path could stand. */
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
