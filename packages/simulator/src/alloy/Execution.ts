/** An execution of a history that is given rather than made. Times are Dates or milliseconds since 1970. */
export interface AlloyExecution {
  readonly startedAt: Date | number
  /** null while it runs. */
  readonly completedAt: Date | number | null
  readonly failed?: boolean | undefined
  /** It ended before it started: it has one event and no start. Default false. */
  readonly unstarted?: boolean | undefined
  /** The index of the workflow. Default 0. */
  readonly workflow?: number | undefined
  /** The index of the user. Default 0. */
  readonly user?: number | undefined
  /** `createdAt` of the first event. Default: `startedAt`. */
  readonly startListedAt?: Date | number | undefined
  /** `createdAt` of the last event. Default: `completedAt`. */
  readonly endListedAt?: Date | number | undefined
}

/** Everything about an execution that the seed or an `AlloyExecution` decides. Times are milliseconds. */
export interface AlloyFacts {
  readonly startedAt: number
  readonly completedAt: number | null
  readonly failed: boolean
  readonly unstarted: boolean
  readonly workflow: number
  readonly user: number
  readonly startListedAt: number
  readonly endListedAt: number
}

/** The facts of a given execution. */
export const givenFacts = (given: AlloyExecution): AlloyFacts => {
  const startedAt = Number(given.startedAt)
  const completedAt = given.completedAt === null ? null : Number(given.completedAt)
  const { workflow = 0, user = 0, failed = false } = given
  return {
    startedAt,
    completedAt,
    failed: failed && completedAt !== null,
    unstarted: given.unstarted === true && completedAt !== null,
    workflow,
    user,
    startListedAt: Number(given.startListedAt ?? startedAt),
    endListedAt: Number(given.endListedAt ?? completedAt ?? startedAt),
  }
}

/** The facts of an execution that has just ended. */
export const endedFacts = (facts: AlloyFacts, failed: boolean, at: number): AlloyFacts => {
  const completedAt = Math.max(at, facts.startedAt)
  return {
    ...facts,
    failed,
    completedAt,
    endListedAt: Math.max(completedAt, facts.startListedAt),
  }
}
