/** Tells the warnings of rounds that follow each other, what comes again only once. */
export interface RoundWarnings {
  /** To be called before each round. */
  readonly beginRound: () => void
  readonly warn: (warning: string) => void
}

/** Warnings of which none is told that was there in this round or the one before. */
export const makeRoundWarnings = (tell: (warning: string) => void): RoundWarnings => {
  let before: ReadonlySet<string> = new Set()
  let now = new Set<string>()
  return {
    beginRound: () => {
      before = now
      now = new Set()
    },
    warn: (warning) => {
      const isKnown = before.has(warning) || now.has(warning)
      now.add(warning)
      if (!isKnown) tell(warning)
    },
  }
}
