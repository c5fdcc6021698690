/** Does one thing after the other, in the order in which they were handed in. */
export interface ChangeTurns {
  /** Hands something in; resolves when there is room for more. */
  readonly add: (work: () => Promise<void>) => Promise<void>
  /** Resolves when all that was handed in is done, and rejects when one of it has failed. */
  readonly done: () => Promise<void>
}

/**
 * Turns of which so many may wait: whoever hands in goes on meanwhile, as a poll does while a slow
 * command runs. What comes after a failure, or once it is stopped, is not done.
 */
export const makeChangeTurns = (mostWaiting: number, isStopped: () => boolean): ChangeTurns => {
  let last: Promise<void> = Promise.resolve()
  let waiting = 0
  return {
    add: async (work) => {
      waiting += 1
      const mine = last.then(async () => {
        waiting -= 1
        if (!isStopped()) await work()
      })
      last = mine
      // `done` tells of it.
      mine.catch(() => {})
      if (waiting > mostWaiting) await mine
    },
    done: () => last,
  }
}
