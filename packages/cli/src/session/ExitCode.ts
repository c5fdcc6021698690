/** The exit codes of the program. */
export const ExitCode = {
  done: 0,
  fault: 1,
  usage: 2,
  denied: 3,
  notFound: 4,
  unreachable: 5,
  rejected: 6,
  interrupted: 130,
} as const

/** One of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** The exit code of several outcomes: the smallest other than 0. */
export const leastFailure = (outcomes: ReadonlyArray<ExitCode>): ExitCode =>
  outcomes
    .filter((outcome) => outcome !== ExitCode.done)
    .reduce<ExitCode>(
      (least, outcome) => (least === ExitCode.done || outcome < least ? outcome : least),
      ExitCode.done,
    )
