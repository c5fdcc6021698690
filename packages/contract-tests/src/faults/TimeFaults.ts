import type { Json } from "@execlog/core"
import { valueAt } from "../kit/ItemPlace.js"
import { type JsonPath, withValue } from "../kit/JsonPath.js"
import type { Fault, Target } from "./Fault.js"
import { keepsPlace, replacing } from "./ItemDamage.js"
import { given, itemFault, rejected } from "./ItemFault.js"

/** The times that decide an item's place in the list. */
const listingTimes = (
  item: Json,
  times: ReadonlyArray<JsonPath>,
  target: Target,
): ReadonlyArray<JsonPath> =>
  times.filter(
    (path) => !keepsPlace(target, item, withValue(item, path, later(valueAt(item, path)))),
  )

/** The other times of an item. */
const otherTimes = (
  item: Json,
  times: ReadonlyArray<JsonPath>,
  target: Target,
): ReadonlyArray<JsonPath> => {
  const listing = listingTimes(item, times, target)
  return times.filter((path) => !listing.includes(path))
}

const later = (time: Json): Json =>
  typeof time === "number" ? time + 1000 : "2030-01-01T00:00:00.000Z"

/** A time in the format of another: seconds, milliseconds or ISO 8601. */
const timeLike = (before: Json, time: string): Json => {
  if (typeof before !== "number") return time
  const milliseconds = Date.parse(time)
  return before > 1e11 ? milliseconds : Math.floor(milliseconds / 1000)
}

/** Faults of the times of an item. */
export const timeFaults: ReadonlyArray<Fault> = [
  itemFault({
    name: "times without a zone",
    scope: "item",
    damage: (item, { times }) =>
      replacing(
        item,
        times.filter((path) => typeof valueAt(item, path) === "string"),
        (before) => String(before).replace(/(Z|[+-]\d\d:?\d\d)$/, ""),
      ),
    otherwise: "its times are numbers",
    expected: [rejected],
  }),
  itemFault({
    name: "times out of range",
    scope: "item",
    damage: (item, { times }) =>
      replacing(item, times, (before) => timeLike(before, "+275760-09-13T00:00:00.000Z")),
    expected: [rejected],
  }),
  ...["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.000Z"].map((time) =>
    itemFault({
      name: `times in the year ${time.slice(0, 4)}, except the listing time`,
      scope: "execution",
      damage: (item, { times }, { target }) =>
        replacing(item, otherTimes(item, times, target), (before) => timeLike(before, time)),
      otherwise: "its items have no other time",
      expected: [given],
    }),
  ),
  ...["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.000Z"].map((time) =>
    itemFault({
      name: `a listing time in the year ${time.slice(0, 4)}`,
      scope: "item",
      damage: (item, { times }, { target }) =>
        target.list === null
          ? null
          : replacing(item, listingTimes(item, times, target), (before) => timeLike(before, time)),
      otherwise: "it is not a list ordered by time",
      expected: [given, rejected],
    }),
  ),
]
