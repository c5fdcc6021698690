import { type ExecutionStatus, executionStatuses } from "./Execution.js"

/** The status that an unknown word probably means. */
export interface StatusMeant {
  readonly status: ExecutionStatus
  /** Whether the word is some provider's name for the status, rather than a misspelling. */
  readonly isForeign: boolean
}

/** What others call a status, in lower case and without what stands between words. */
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
  const word = plain(written.slice(0, longest))
  const same = words.find((known) => known.word === word)
  if (same !== undefined) return { status: same.status, isForeign: same.isForeign }
  const [nearest] = words
    .map((known) => ({ known, slips: slipsBetween(word, known.word) }))
    .filter(({ known, slips }) => slips <= forgiven(known.word))
    .toSorted((a, b) => a.slips - b.slips)
  return nearest === undefined ? null : { status: nearest.known.status, isForeign: false }
}

/** No word is as long, and what is compared letter by letter must end somewhere. */
const longest = 40

/** In a short word one slip makes another word of it. */
const forgiven = ({ length }: string): number => (length < 4 ? 0 : length < 6 ? 1 : 2)

/** How many letters are too many, missing, wrong or exchanged with the next. */
const slipsBetween = (a: string, b: string): number => {
  let beforeLast: ReadonlyArray<number> = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const isExchanged = a[i] === b[j - 1] && a[i - 1] === b[j]
      row.push(
        Math.min(
          (last[j] ?? 0) + (a[i] === b[j] ? 0 : 1),
          (last[j + 1] ?? 0) + 1,
          (row[j] ?? 0) + 1,
          isExchanged ? (beforeLast[j - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
