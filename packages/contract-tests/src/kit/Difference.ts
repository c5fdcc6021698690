import { shown } from "./ContractViolation.js"
import { type JsonPath, pathText } from "./JsonPath.js"

/** Where two values first differ, and how: `usage.totalSteps is 10 instead of 9`. */
export const differenceOf = (found: unknown, expected: unknown, path: JsonPath = []): string => {
  const [one, other] = [entriesOf(found), entriesOf(expected)]
  if (one !== null && other !== null) {
    for (const key of new Set([...one.keys(), ...other.keys()])) {
      const [inner, wanted] = [one.get(key), other.get(key)]
      const difference = differenceOf(inner, wanted, [...path, key])
      if (difference !== "") return difference
    }
    return ""
  }
  if (Object.is(found, expected) || (one === null && other === null && isSameDate(found, expected)))
    return ""
  return `${pathText(path) || "it"} is ${plain(found)} instead of ${plain(expected)}`
}

const entriesOf = (value: unknown): ReadonlyMap<string | number, unknown> | null =>
  Array.isArray(value)
    ? new Map(value.map((inner: unknown, index) => [index, inner]))
    : typeof value === "object" && value !== null && !(value instanceof Date)
      ? new Map(Object.entries(value))
      : null

const isSameDate = (one: unknown, other: unknown): boolean =>
  one instanceof Date && other instanceof Date && one.getTime() === other.getTime()

const plain = (value: unknown): string =>
  value === undefined ? "absent" : Object.is(value, -0) ? "-0" : shown(value)
