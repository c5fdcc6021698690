import type { Json } from "../shared/Json.js"
import { type Shape, told } from "./Shape.js"

/** How a provider writes a time. */
export type TimeShape = "iso" | "zoneless" | "seconds" | "milliseconds"

const iso =
  /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?<zone>[Zz]|[+-]\d{2}:?\d{2})?$/

/** How all values of a place are written; null where they are no times, or none is told. */
export const timeShapeOf = (shape: Shape): TimeShape | null => {
  const [first, ...others] = new Set(told(shape).map(timeShapeOfValue))
  return first === undefined || others.length > 0 ? null : first
}

const timeShapeOfValue = (value: Json): TimeShape | null => {
  if (typeof value === "string") {
    const match = iso.exec(value)
    if (match === null || Number.isNaN(Date.parse(value))) return null
    return match.groups?.["zone"] === undefined ? "zoneless" : "iso"
  }
  if (typeof value !== "number") return null
  // The years 2001 to 2286, in which every log of executions lies.
  if (value >= 1e9 && value < 1e10) return "seconds"
  return value >= 1e12 && value < 1e13 ? "milliseconds" : null
}

/** The milliseconds of a time in a sample; one without a zone is taken for UTC. */
export const millisecondsOf = (value: Json, shape: TimeShape): number => {
  if (typeof value === "number") return shape === "seconds" ? value * 1000 : value
  if (typeof value !== "string") return Number.NaN
  return Date.parse(shape === "zoneless" ? `${value}Z` : value)
}

/**
 * Whether all values are written in whole seconds. Milliseconds never are, and neither is a text
 * with a fraction, though it be nought.
 */
export const isWholeSeconds = (shape: Shape, time: TimeShape): boolean =>
  time !== "milliseconds" &&
  told(shape).every((value) =>
    typeof value === "string" ? !value.includes(".") : Number.isInteger(value),
  )
