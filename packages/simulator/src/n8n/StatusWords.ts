/** The words that the status filter of some n8n takes. */
export const n8nStatusWords = [
  "canceled",
  "crashed",
  "error",
  "running",
  "success",
  "waiting",
] as const

/** One of these words. */
export type N8nStatusWord = (typeof n8nStatusWords)[number]
