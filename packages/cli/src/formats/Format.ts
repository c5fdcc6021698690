/** The formats of executions. */
export const formats = ["table", "json", "ndjson", "csv"] as const

/** One of {@link formats}. */
export type Format = (typeof formats)[number]
