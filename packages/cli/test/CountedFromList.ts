/** The counted fields of an execution's JSON form. */
export interface ListedExecution {
  readonly provider: string
  readonly connection: string | null
  readonly workflow: { readonly id: string | null; readonly name: string | null }
  readonly status: string
  readonly timestamp: string | null
  readonly durationMs: number | null
  readonly error: { readonly message: string } | null
  readonly usage: { readonly totalTokens: number | null }
}

/** The executions of NDJSON. */
export const listedIn = (stdout: string): ReadonlyArray<ListedExecution> =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))

/** The figures of listed executions. */
export const countedFromList = (executions: ReadonlyArray<ListedExecution>) => {
  const of = (...statuses: ReadonlyArray<string>) =>
    executions.filter(({ status }) => statuses.includes(status)).length
  const durations = executions
    .flatMap(({ durationMs }) => durationMs ?? [])
    .toSorted((a, b) => a - b)
  const rank = (percent: number) =>
    durations[Math.ceil((percent / 100) * durations.length) - 1] ?? null
  const times = executions.flatMap(({ timestamp }) => timestamp ?? []).toSorted()
  const tokens = executions.flatMap(({ usage }) => usage.totalTokens ?? [])
  const decided = of("succeeded", "partial", "failed", "timed_out")
  return {
    count: executions.length,
    succeeded: of("succeeded"),
    failures: of("failed", "timed_out"),
    successRate: decided === 0 ? null : of("succeeded") / decided,
    medianMs: rank(50),
    p95Ms: rank(95),
    p99Ms: rank(99),
    totalTokens: tokens.length === 0 ? null : tokens.reduce((sum, each) => sum + each, 0),
    firstTimestamp: times[0] ?? null,
    lastTimestamp: times.at(-1) ?? null,
  }
}
