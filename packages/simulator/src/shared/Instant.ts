/** An instant: a Date, or milliseconds since 1970, whose fraction holds microseconds. */
export type Instant = Date | number

/** Whole microseconds of an instant. */
export const microseconds = (instant: Instant): number => Math.round(Number(instant) * 1000)

/** The ISO 8601 text of milliseconds since 1970. */
export const isoText = (milliseconds: number): string => new Date(milliseconds).toISOString()
