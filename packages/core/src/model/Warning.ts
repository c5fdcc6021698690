import type { AdapterError, Subject } from "./AdapterError.js"

/** What in the answers of a provider is not as it should be, though it could be read. */
export type WarningCode =
  /** The list gave executions that a filter excludes: it is applied here from there on. */
  | "filter_ignored"
  /** The server refused a filter: it is applied here from there on. */
  | "filter_refused"
  /** The server refused, or failed on, parts that `include` asks for. */
  | "include_failed"
  /** The server refused a page of this size: smaller ones are asked for. */
  | "page_size_refused"
  /** The server gives larger pages than it was asked for. */
  | "page_size_ignored"
  /** The list leaves out executions that the query asks for. */
  | "executions_left_out"
  /** The server ignored a bound of listing time: the walk goes on by pages. */
  | "bound_ignored"
  /** The list is not in the order of its time: an execution may be missed. */
  | "order_broken"
  /** More items share one instant than a page holds. */
  | "crowded_instant"
  /** Two pages cannot be shown to follow on each other: an execution may be missed. */
  | "pages_apart"
  /** More starts are still due than are remembered: some executions may be given again. */
  | "starts_forgotten"
  /** More executions share one instant than a cursor carries: resumed there, some may be given twice. */
  | "cursor_full"
  /** An execution was listed later, or earlier, than the adapter declares. */
  | "listed_late"
  /** What another endpoint tells of executions is left out. */
  | "join_failed"
  /** Another endpoint is asked for fewer executions at once. */
  | "join_reduced"
  /** What `get` gives of an execution could not be had. */
  | "details_failed"
  /** A poll failed, and the next one goes on. */
  | "poll_failed"
  /** An execution that ended unseen is not asked for any more. */
  | "execution_dropped"
  /** Some of what began before cannot be asked for, and is not watched. */
  | "not_watched"

/** What the reader of a log should know, though nothing failed. */
export interface Warning<Code extends string = WarningCode> {
  /** Which it is, for programs. */
  readonly code: Code
  /** The part of the query, or the endpoint, that it is about; null where it is about the list itself. */
  readonly subject: Subject | null
  /**
   * What else tells it from others of its code: what its text names, such as a route, ids, sizes, or the
   * reason and the status of a failure.
   */
  readonly about: ReadonlyArray<string | number>
  /** For a person; it may quote the provider, and is free of secrets. */
  readonly text: string
}

/** A warning, about a part of the query or an endpoint where it is about one. */
export const warningOf = <Code extends string>(
  code: Code,
  text: string,
  subject: Subject | null = null,
  ...about: Warning["about"]
): Warning<Code> => ({ code, subject, about, text })

/** A failure as a warning is about it. */
export const failureOf = ({
  reason,
  status,
}: Pick<AdapterError, "reason" | "status">): Warning["about"] =>
  status === null ? [reason] : [reason, status]

/** Identifies what a warning says, however it is worded. */
export const warningKey = ({ code, subject, about }: Warning): string =>
  JSON.stringify([code, subject?.kind, subject?.name, about])

/** Warnings as they come, each once. */
export interface WarningList {
  readonly add: (...warnings: ReadonlyArray<Warning>) => void
  readonly all: () => ReadonlyArray<Warning>
}

/** An empty list of warnings. */
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
