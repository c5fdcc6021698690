import { plain } from "../shared/Names.js"

/** The words that say the same on every platform, without case and style. */
const known: { readonly [status: string]: ReadonlyArray<string> } = {
  queued: ["queued", "pending", "scheduled", "enqueued", "created", "new"],
  running: ["running", "inprogress", "processing", "executing", "active", "started"],
  waiting: ["waiting", "paused", "suspended", "onhold", "sleeping"],
  succeeded: ["succeeded", "success", "successful", "ok", "passed"],
  partial: ["partial", "partialsucceeded", "partialsuccess", "partiallysucceeded"],
  failed: ["failed", "failure", "error", "errored", "crashed"],
  timed_out: ["timedout", "timeout"],
  canceled: ["canceled", "cancelled", "aborted", "stopped", "killed"],
  skipped: ["skipped", "ignored"],
}

/** Words of an end that is a success only where the same field has a word for failure. */
const ended = ["completed", "complete", "finished", "done"]

const statusOf = (word: string): string | null =>
  Object.entries(known).find(([, words]) => words.includes(plain(word)))?.[0] ?? null

/** The meaning of each word of a sample; null if the author must decide. */
export const statusesOf = (words: ReadonlyArray<string>): ReadonlyMap<string, string | null> => {
  const tellsFailure = words.some((word) => statusOf(word) === "failed")
  return new Map(
    words.map((word) => [
      word,
      tellsFailure && ended.includes(plain(word)) ? "succeeded" : statusOf(word),
    ]),
  )
}
