/** The clock of a simulated server. It stands still between the changes that a test makes. */
export interface Clock {
  readonly now: () => number
  /** Moves on by 250 ms and returns the new time. */
  readonly tick: () => number
}

/** A clock that begins at `start`. `second` is a second in the unit of the clock. */
export const makeClock = (start: number, second: number): Clock => {
  let now = start
  return {
    now: () => now,
    tick: () => {
      now += second / 4
      return now
    },
  }
}
