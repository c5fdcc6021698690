import type { AdapterError, Subject } from "./AdapterError.js"

/** A deviation in the provider's responses that did not prevent reading them. */
export type WarningCode =
  /**
   * The list returned executions that a filter excludes; execlog applies the filter from here on.
   */
  | "filter_ignored"
  /** The server rejected a filter; execlog applies it from here on. */
  | "filter_rejected"
  /** The server rejected, or failed on, the parts of `include`. */
  | "include_failed"
  /** The server rejected this page size; smaller pages are requested. */
  | "page_size_rejected"
  /** The server returns larger pages than requested. */
  | "page_size_ignored"
  /** The list omits executions that the query asks for. */
  | "executions_omitted"
  /** The server ignored a bound of listing time; the walk continues page by page. */
  | "bound_ignored"
  /** The list is not ordered by its listing time; an execution may be missed. */
  | "list_unordered"
  /** More items share one instant than a page holds. */
  | "tie_exceeds_page"
  /** Two pages cannot be shown to be adjacent; an execution may be missed. */
  | "pages_not_adjacent"
  /**
   * More executions wait for the event of their start than are remembered; some may be returned
   * again.
   */
  | "pending_starts_overflow"
  /**
   * More executions share one instant than a cursor holds; resuming there may return some twice.
   */
  | "cursor_overflow"
  /** An execution was listed later or earlier than the adapter declares. */
  | "listing_time_unexpected"
  /** A joined endpoint failed; its data is missing. */
  | "join_failed"
  /** A joined endpoint is requested for fewer executions at once. */
  | "join_batch_reduced"
  /** `get` failed; details are missing. */
  | "details_failed"
  /** A poll failed; the next one tries again. */
  | "poll_failed"
  /** An execution is no longer requested. */
  | "execution_dropped"
  /** Some executions that began earlier cannot be requested and are not followed. */
  | "not_followed"

/** A problem worth knowing that did not fail the call. */
export interface Warning<Code extends string = WarningCode> {
  /** The code, for programs. */
  readonly code: Code
  /**
   * The part of the query, or the endpoint, that it is about; null if it is about the list itself.
   */
  readonly subject: Subject | null
  /**
   * Distinguishes warnings with the same code: values in its text, such as a route, ids, sizes, or the
   * reason and the status of a failure.
   */
  readonly about: ReadonlyArray<string | number>
  /** A text for people. It may quote the provider, and contains no secrets. */
  readonly text: string
}

/** Creates a warning. */
export const warningOf = <Code extends string>(
  code: Code,
  text: string,
  subject: Subject | null = null,
  ...about: Warning["about"]
): Warning<Code> => ({ code, subject, about, text })

/** The parts of a failure that distinguish warnings about it. */
export const failureOf = ({
  reason,
  status,
}: Pick<AdapterError, "reason" | "status">): Warning["about"] =>
  status === null ? [reason] : [reason, status]

/** Identifies a warning independently of its wording. */
export const warningKey = ({ code, subject, about }: Warning): string =>
  JSON.stringify([code, subject?.kind, subject?.name, about])

/** Collects warnings without duplicates. */
export interface WarningList {
  readonly add: (...warnings: ReadonlyArray<Warning>) => void
  readonly all: () => ReadonlyArray<Warning>
}

/** Creates a list of warnings. */
export const makeWarnings = (...begun: ReadonlyArray<Warning>): WarningList => {
  const byKey = new Map<string, Warning>()
  const add: WarningList["add"] = (...warnings) => {
    for (const warning of warnings) {
      const key = warningKey(warning)
      if (!byKey.has(key)) byKey.set(key, warning)
    }
  }
  add(...begun)
  return { add, all: () => [...byKey.values()] }
}
