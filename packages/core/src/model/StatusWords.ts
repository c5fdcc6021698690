import { type ExecutionStatus, executionStatuses } from "./Execution.js"
import { nearestWord } from "./NearestWord.js"

/** The status that an unknown word probably means. */
export interface StatusMeant {
  readonly status: ExecutionStatus
  /** Whether the word is some provider's name for the status, rather than a misspelling. */
  readonly isForeign: boolean
}

/** Other names for a status, in lower case and without separators. */
const foreign: { readonly [status in ExecutionStatus]?: ReadonlyArray<string> } = {
  queued: ["pending", "scheduled", "enqueued", "created", "new", "late"],
  running: ["inprogress", "started", "active", "processing", "executing", "retrying", "cancelling"],
  waiting: ["paused", "suspended", "sleeping", "onhold", "awaitingretry"],
  succeeded: ["success", "successful", "completed", "complete", "finished", "done", "ok", "passed"],
  partial: ["partialsucceeded", "partiallysucceeded", "partialsuccess"],
  failed: ["error", "errored", "failure", "crashed"],
  timed_out: ["timeout"],
  canceled: ["cancelled", "aborted", "stopped", "killed", "terminated", "interrupted", "revoked"],
  skipped: ["ignored"],
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[\s_-]/g, "")

const words: ReadonlyArray<StatusMeant & { readonly word: string }> = executionStatuses.flatMap(
  (status) => [
    { word: plain(status), status, isForeign: false },
    ...(foreign[status] ?? []).map((word) => ({ word, status, isForeign: true })),
  ],
)

/** The status that an unknown word probably means; null if none is close. */
export const statusMeant = (written: string): StatusMeant | null => {
  const word = plain(written)
  const meaningOf = (known: string | null) => words.find((one) => one.word === known)
  const same = meaningOf(word)
  if (same !== undefined) return { status: same.status, isForeign: same.isForeign }
  const near = meaningOf(
    nearestWord(
      word,
      words.map((known) => known.word),
    ),
  )
  return near === undefined ? null : { status: near.status, isForeign: false }
}
