/** An instant: a Date, or milliseconds since 1970, whose fraction holds microseconds. */
export type Instant = Date | number

/** Whole microseconds of an instant. */
export const microseconds = (instant: Instant): number => Math.round(Number(instant) * 1000)
