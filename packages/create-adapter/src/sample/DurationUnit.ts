import { type Json, valueAt } from "../shared/Json.js"
import { plain } from "../shared/Names.js"
import type { Roles } from "./FieldRoles.js"
import { millisecondsOf, timeShapeOf } from "./TimeShape.js"

/** How many milliseconds one of the provider's durations counts; null where nothing tells. */
export const durationUnitOf = (roles: Roles, items: ReadonlyArray<Json>): number | null => {
  const duration = roles.get("duration")
  if (duration === undefined) return null
  const name = plain(duration.path.at(-1) ?? "")
  if (/(ms|millis|milliseconds)$/.test(name)) return 1
  if (/(seconds|secs)$/.test(name)) return 1000
  const [start, end] = [roles.get("startedAt") ?? roles.get("createdAt"), roles.get("finishedAt")]
  if (start === undefined || end === undefined) return null
  const [startShape, endShape] = [timeShapeOf(start.shape), timeShapeOf(end.shape)]
  if (startShape === null || endShape === null) return null
  const measured = items.flatMap((item) => {
    const [began, ended] = [valueAt(item, start.path) ?? null, valueAt(item, end.path) ?? null]
    const told = valueAt(item, duration.path)
    if (began === null || ended === null || typeof told !== "number" || told <= 0) return []
    const elapsed = millisecondsOf(ended, endShape) - millisecondsOf(began, startShape)
    return elapsed > 0 ? [{ elapsed, told }] : []
  })
  // Whole seconds may make a short execution look longer or shorter, but never a thousand times.
  const isUnit = (unit: number): boolean =>
    measured.every(({ elapsed, told }) => told * unit > elapsed / 3 && told * unit < elapsed * 3)
  return measured.length === 0 ? null : ([1, 1000].find(isUnit) ?? null)
}
