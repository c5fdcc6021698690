/** The number of random histories to try, or the share set in the root's vitest.config.ts. */
export const walkRuns = (most: number): { readonly numRuns: number } => ({
  numRuns: Math.ceil((most * Number(process.env["WALK_RUNS"] ?? 1000)) / 1000),
})
