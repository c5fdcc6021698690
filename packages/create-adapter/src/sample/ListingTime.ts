import { type Json, valueAt } from "../shared/Json.js"
import { isBeforeStart, type Role, type Roles } from "./FieldRoles.js"
import { type Field, fieldsOf, type Shape } from "./Shape.js"
import { isWholeSeconds, millisecondsOf, type TimeShape, timeShapeOf } from "./TimeShape.js"

/** The field by whose time a provider seems to list, and in which direction. */
export interface ListingTime {
  readonly field: Field
  readonly time: TimeShape
  readonly order: "newest" | "oldest" | "unseen"
  /** Whether the provider seems to count this time in whole seconds. */
  readonly isWholeSeconds: boolean
  /** Whether it seems to come before the start, and the sample tells both. */
  readonly isBeforeStart: boolean
}

/** The time that every item has and by which the sample is in order; null where there is none. */
export const listingTimeOf = (
  item: Shape,
  items: ReadonlyArray<Json>,
  roles: Roles,
): ListingTime | null => {
  const rank = ({ path }: Field) => {
    const place = preferred.findIndex(
      (role) => roles.get(role)?.path.join("\n") === path.join("\n"),
    )
    return place === -1 ? preferred.length : place
  }
  const candidates = fieldsOf(item)
    .flatMap((field) => {
      const time = timeShapeOf(field.shape)
      const values = items.map((each) => valueAt(each, field.path) ?? null)
      return time === null || values.includes(null)
        ? []
        : [{ field, time, order: orderOf(values.map((value) => millisecondsOf(value, time))) }]
    })
    .toSorted((a, b) => rank(a.field) - rank(b.field))
  const best =
    candidates.find(({ order }) => order === "newest") ??
    candidates.find(({ order }) => order === "oldest") ??
    candidates[0]
  return best === undefined
    ? null
    : {
        ...best,
        isWholeSeconds: isWholeSeconds(best.field.shape, best.time),
        isBeforeStart: isBeforeStart(best.field) && roles.has("startedAt"),
      }
}

// Where several are in order, the time at which an execution was entered is the likeliest.
const preferred: ReadonlyArray<Role> = ["createdAt", "startedAt"]

const orderOf = (times: ReadonlyArray<number>): ListingTime["order"] => {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  if (steps.every((step) => step === 0)) return "unseen"
  if (steps.every((step) => step <= 0)) return "newest"
  return steps.every((step) => step >= 0) ? "oldest" : "unseen"
}
