import type { Json, JsonObject } from "@execlog/core"

/** The path of a value inside a JSON value: keys and indexes from the outside in. */
export type JsonPath = ReadonlyArray<string | number>

/** Whether a JSON value is an object, and neither null nor an array. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Whether a JSON value is an array. */
export const isArray = (value: unknown): value is ReadonlyArray<Json> => Array.isArray(value)

/** Every value inside a JSON value with its path, outermost first, without the value itself. */
export const valuesWithin = function* (
  value: Json,
  path: JsonPath = [],
): Generator<{ readonly path: JsonPath; readonly value: Json }> {
  const entries: ReadonlyArray<readonly [string | number, Json]> = isArray(value)
    ? value.map((inner, index) => [index, inner] as const)
    : isObject(value)
      ? Object.entries(value)
      : []
  for (const [key, inner] of entries) {
    const at = [...path, key]
    yield { path: at, value: inner }
    yield* valuesWithin(inner, at)
  }
}

/** A copy with another value at a path; `undefined` removes the key. */
export const withValue = (root: Json, path: JsonPath, value: Json | undefined): Json => {
  const [key, ...rest] = path
  if (key === undefined) return value ?? null
  if (isArray(root)) {
    return root.flatMap((inner, index) =>
      index !== key
        ? [inner]
        : rest.length > 0
          ? [withValue(inner, rest, value)]
          : value === undefined
            ? []
            : [value],
    )
  }
  if (!isObject(root)) return root
  const entries = Object.entries(root).flatMap(([name, inner]): Array<[string, Json]> =>
    name !== key
      ? [[name, inner]]
      : rest.length > 0
        ? [[name, withValue(inner, rest, value)]]
        : value === undefined
          ? []
          : [[name, value]],
  )
  return Object.fromEntries(entries)
}

/** A path as text: `workflow_run.status`, `data[0].id`. */
export const pathText = (path: JsonPath): string =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "")

/** A copy of a JSON value that cannot be changed, and reports the path of each attempt. */
export const copyReportingWrites = (
  value: Json,
  onWrite: (path: JsonPath) => void,
  path: JsonPath = [],
): Json => {
  const reject = (_: unknown, key: string | symbol): false => {
    onWrite([...path, String(key)])
    return false
  }
  const rejecting = <A extends object>(target: A): A =>
    new Proxy<A>(target, { set: reject, defineProperty: reject, deleteProperty: reject })
  if (isArray(value)) {
    return rejecting(
      value.map((inner, index) => copyReportingWrites(inner, onWrite, [...path, index])),
    )
  }
  if (!isObject(value)) return value
  const copy: JsonObject = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      copyReportingWrites(inner, onWrite, [...path, key]),
    ]),
  )
  return rejecting(copy)
}

/** The shape of a JSON value: its keys and the kinds of their values. */
export const shapeOf = (value: Json): string =>
  [...valuesWithin(value)]
    .map(({ path, value: inner }) => `${placeText(path)}:${kindOf(inner)}`)
    .filter((line, index, lines) => lines.indexOf(line) === index)
    .join(",")

/** A path without its indexes: the same for each element of a list. */
const placeText = (path: JsonPath): string =>
  path.map((key) => (typeof key === "number" ? "[]" : key)).join(".")

/** The kind of a JSON value. */
const kindOf = (value: Json): string =>
  value === null ? "null" : isArray(value) ? "array" : typeof value

/** The values in JSON values that differ in place or kind, the first of each. */
export const distinctValuesWithin = (
  values: ReadonlyArray<Json>,
): ReadonlyArray<{ readonly path: JsonPath; readonly value: Json; readonly place: string }> => {
  const found = values.flatMap((value) =>
    [...valuesWithin(value)].map((within) => ({
      ...within,
      place: `${placeText(within.path)}:${kindOf(within.value)}`,
    })),
  )
  return [
    ...new Map(found.toReversed().map((within) => [within.place, within])).values(),
  ].toReversed()
}
