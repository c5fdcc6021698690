import type { TimeShape } from "./TimeShape.js"

/** The source of a Date, or null, of a time on the wire. */
export const instantOf = (time: TimeShape, value: string): string => `${functions[time]}(${value})`

const functions: { readonly [Time in TimeShape]: string } = {
  iso: "Wire.instant",
  seconds: "Wire.instantOfSeconds",
  milliseconds: "Wire.instantOfMilliseconds",
  zoneless: "instantOfUtc",
}

/** The source of the milliseconds of a time that is always there. */
export const millisecondsSource = (time: TimeShape, value: string): string => {
  switch (time) {
    case "iso":
      return `Wire.milliseconds(${value})`
    case "seconds":
      return `${value} * 1000`
    case "milliseconds":
      return value
    case "zoneless":
      return `parseInstant(${value}, "utc") ?? Number.NaN`
  }
}

/** The functions that {@link instantOf} calls. */
export const timeFunctions = (times: ReadonlySet<TimeShape>): ReadonlyArray<string> =>
  times.has("zoneless")
    ? [
        "const instantOfUtc = (time: string | null | undefined): Date | null =>\n" +
          '  typeof time === "string" ? new Date(parseInstant(time, "utc") ?? Number.NaN) : null',
      ]
    : []
