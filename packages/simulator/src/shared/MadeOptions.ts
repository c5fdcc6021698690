/** How many executions a simulator makes, and when. */
export interface MadeOptions {
  readonly executions: number
  readonly seed: number
  readonly now: Date
  readonly perHour: number
}

/** Options that every provider has, with their defaults. */
export const readMadeOptions = ({
  executions = 250,
  seed = 1,
  now = new Date("2026-11-21T08:00:00Z"),
  perHour = 120,
}: { readonly [Name in keyof MadeOptions]?: MadeOptions[Name] | undefined }): MadeOptions => ({
  executions,
  seed,
  now,
  perHour,
})
