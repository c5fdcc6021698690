import type { TimeShape } from "../sample/TimeShape.js"

/** The source of a Date, or null, of a time on the wire. */
export const instantOf = (time: TimeShape, value: string): string => `${functions[time]}(${value})`

const functions: { readonly [Time in TimeShape]: string } = {
  iso: "Wire.instant.iso",
  seconds: "Wire.instant.seconds",
  milliseconds: "Wire.instant.milliseconds",
  zoneless: "Wire.instant.utc",
}

/** The source of a listing time, which is always there: a Date, or in milliseconds. */
export const listingTimeSource = (time: TimeShape, value: string): string => {
  switch (time) {
    case "iso":
    case "zoneless":
      return instantOf(time, value)
    case "seconds":
      return `${value} * 1000`
    case "milliseconds":
      return value
  }
}
