import { isList, isObject, type Json } from "../shared/Json.js"

/** All values at one place of a sample, and their structure. */
export interface Shape {
  readonly values: ReadonlyArray<Json>
  readonly kinds: ReadonlySet<Kind>
  /** The fields of the objects among the values, in the order in which they were seen. */
  readonly fields: ReadonlyMap<string, Shape>
}

/** The JSON type of a value. */
export type Kind = "string" | "number" | "boolean" | "null" | "object" | "list"

/** The shape of values that stand in the same place. */
export const shapeOf = (values: ReadonlyArray<Json>): Shape => {
  const inside = new Map<string, Array<Json>>()
  for (const [name, value] of values.filter(isObject).flatMap((object) => Object.entries(object))) {
    const seen = inside.get(name)
    if (seen === undefined) inside.set(name, [value])
    else seen.push(value)
  }
  return {
    values,
    kinds: new Set(values.map(kindOf)),
    fields: new Map([...inside].map(([name, seen]) => [name, shapeOf(seen)])),
  }
}

const kindOf = (value: Json): Kind => {
  if (value === null) return "null"
  if (isList(value)) return "list"
  const kind = typeof value
  return kind === "string" || kind === "number" || kind === "boolean" ? kind : "object"
}

/** The values that are not null. */
export const told = ({ values }: Shape): ReadonlyArray<Json> =>
  values.filter((value) => value !== null)

/** Whether all values are of the given kinds, or null. */
export const isOf = ({ kinds }: Shape, ...allowed: ReadonlyArray<Kind>): boolean =>
  [...kinds].every((kind) => kind === "null" || allowed.includes(kind))

/** A place in an item: the names that lead to it, and what the sample shows there. */
export interface Field {
  readonly path: ReadonlyArray<string>
  readonly shape: Shape
}

const deepest = 3

/** All places inside of a shape, objects before what they hold. */
export const fieldsOf = (shape: Shape, path: ReadonlyArray<string> = []): ReadonlyArray<Field> =>
  path.length >= deepest
    ? []
    : [...shape.fields].flatMap(([name, inner]) => [
        { path: [...path, name], shape: inner },
        ...fieldsOf(inner, [...path, name]),
      ])
