/** So many made-up histories, or the share of them that a run tries: see vitest.config.ts of the root. */
export const walkRuns = (most: number): { readonly numRuns: number } => ({
  numRuns: Math.ceil((most * Number(process.env["WALK_RUNS"] ?? 1000)) / 1000),
})
