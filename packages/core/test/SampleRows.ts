/** 25 rows of the sample provider, a second apart, of which every fifth has failed. */
export const rows = Array.from({ length: 25 }, (_, index) => ({
  id: `row-${String(index).padStart(2, "0")}`,
  at: 1_700_000_000_000 + index * 1000,
  state: index % 5 === 0 ? "bad" : "ok",
}))
