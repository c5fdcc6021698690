/** The warning of any provider that unfinished executions cannot be listed. */
const anyUnwatched =
  /^execlog: warning: [^\n]* cannot list only the [^\n]* within the look-back\.\n/gm

/** The other output. */
export const saidBeside = (stderr: string): string => stderr.replaceAll(anyUnwatched, "")

/** Dify's warning, printed once when following starts. */
export const unwatched =
  /^execlog: warning: dify: GET \/workflows\/logs cannot list only the [^\n]* within the look-back\.\n/
