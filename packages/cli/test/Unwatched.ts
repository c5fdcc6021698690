/** What Dify cannot be asked for is said once, when following begins. */
export const unwatched =
  /^execlog: warning: dify: GET \/workflows\/logs cannot be asked for what is [^\n]* is watched\.\n/
