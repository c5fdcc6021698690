/** What is said, of whatever provider, of what it cannot be asked for. */
const anyUnwatched =
  /^execlog: warning: [^\n]* cannot list only the [^\n]* within the look-back\.\n/gm

/** What was said beside that. */
export const saidBeside = (stderr: string): string => stderr.replaceAll(anyUnwatched, "")

/** What Dify cannot be asked for is said once, when following begins. */
export const unwatched =
  /^execlog: warning: dify: GET \/workflows\/logs cannot list only the [^\n]* within the look-back\.\n/
