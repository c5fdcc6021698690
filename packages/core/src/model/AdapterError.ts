import * as Data from "effect/Data"
import * as Predicate from "effect/Predicate"

/**
 * Why a request, a setting or a query failed, in words that mean the same for every provider.
 *
 * - `Authentication`: the key is missing, wrong or revoked.
 * - `Permission`: the key is good, but may not do this.
 * - `NotFound`: there is no such execution or path.
 * - `InvalidQuery`: the query, an id or a cursor is malformed.
 * - `InvalidSettings`: a setting of the adapter, the client or the transport is wrong.
 * - `Unsupported`: neither the provider nor execlog can answer this.
 * - `RateLimited`: the provider asks to slow down; see `retryAfterMs`.
 * - `Unavailable`: the provider failed (a 5xx answer).
 * - `Timeout`: no answer within `timeoutMs`, or none within `deadlineMs` with all retries.
 * - `Transport`: no answer could be had: refused, reset, no such host, a redirect refused.
 * - `TooLarge`: the answer is larger than `maxBodyBytes`.
 * - `Decode`: the answer is not what the provider documents.
 */
export type AdapterErrorReason =
  | "Authentication"
  | "Permission"
  | "NotFound"
  | "InvalidQuery"
  | "InvalidSettings"
  | "Unsupported"
  | "RateLimited"
  | "Unavailable"
  | "Timeout"
  | "Transport"
  | "TooLarge"
  | "Decode"

/** What an error or a warning is about: a part of what the caller gave, or an endpoint. */
export interface Subject {
  /**
   * - `query`: a part of a `LogQuery`.
   * - `setting`: a setting of the adapter.
   * - `option`: an option of the client, of its transport or of a method.
   * - `header`: a header that the user sends along.
   * - `endpoint`: an endpoint that is asked beside a list, by its route.
   */
  readonly kind: "query" | "setting" | "option" | "header" | "endpoint"
  /** Its name, such as `workflowId`, `baseUrl` or `timeoutMs`. */
  readonly name: string
}

/** A part of a query as the subject of an error or a warning. */
export const partOfQuery = (name: string): Subject => ({ kind: "query", name })

/** What to do about an error: `code` for programs, which may word it themselves, `text` for people. */
export interface Hint {
  readonly code: HintCode
  readonly text: string
}

/** What an {@link AdapterError} is made of; all but `reason` and `message` may be left out. */
export interface AdapterErrorFields {
  readonly reason: AdapterErrorReason
  readonly message: string
  readonly provider?: string | null
  readonly connection?: string | null
  readonly operation?: string | null
  readonly status?: number | null
  readonly providerMessage?: string | null
  readonly retryAfterMs?: number | null
  readonly requestId?: string | null
  readonly attempts?: number
  readonly subject?: Subject | null
  /** A code alone is worded as usual. */
  readonly hint?: Hint | HintCode | null
  readonly cause?: unknown
}

/**
 * The one error of execlog. Promises reject with it, effects fail with it. None carries a secret.
 */
export class AdapterError extends Data.TaggedError("AdapterError")<{
  readonly reason: AdapterErrorReason
  /** What is wrong and where, in one sentence for a person. */
  readonly message: string
  /** The adapter's id; null where no adapter was concerned. */
  readonly provider: string | null
  /** The name of the connection; null when it has none. */
  readonly connection: string | null
  /** What was being done: `"list"`, `"get"`, `"settings"`, … */
  readonly operation: string | null
  /** The HTTP status of the answer; null when there was none. */
  readonly status: number | null
  /** The provider's own message, cut to 800 characters; null when it gave none. */
  readonly providerMessage: string | null
  /** Milliseconds to wait, as the provider asked; null when it did not. */
  readonly retryAfterMs: number | null
  /** The name under which the provider, or what stands before it, keeps the request; null where it told none. */
  readonly requestId: string | null
  /** How often the request was sent; 0 where it was not. */
  readonly attempts: number
  /** What in the caller's own input it is about; null where nothing there is wrong, or no one part. */
  readonly subject: Subject | null
  /** What to do about it. */
  readonly hint: Hint | null
  readonly cause?: unknown
}> {
  constructor(fields: AdapterErrorFields) {
    const { hint = hintOfReason[fields.reason] } = fields
    super({
      provider: null,
      connection: null,
      operation: null,
      status: null,
      providerMessage: null,
      retryAfterMs: null,
      requestId: null,
      attempts: 0,
      subject: null,
      ...fields,
      hint: typeof hint === "string" ? { code: hint, text: hints[hint] } : hint,
    })
  }

  /** Whether the failure may pass by itself, so that asking again later makes sense. */
  get retryable(): boolean {
    return mayPass(this)
  }

  /**
   * Whether a value is an AdapterError, also one that another copy of this package made, as where
   * a command line brings its own core beside a project's.
   */
  static is(value: unknown): value is AdapterError {
    return Predicate.isTagged(value, "AdapterError") && value instanceof Error
  }
}

/** The same error with other fields. */
export const errorWith = (
  error: AdapterError,
  fields: Partial<AdapterErrorFields>,
): AdapterError => {
  const { reason, message, provider, connection, operation, status, providerMessage } = error
  const { retryAfterMs, requestId, attempts, subject, hint, cause } = error
  return new AdapterError({
    reason,
    message,
    provider,
    connection,
    operation,
    status,
    providerMessage,
    retryAfterMs,
    requestId,
    attempts,
    subject,
    hint,
    ...(cause === undefined ? {} : { cause }),
    ...fields,
  })
}

const hints = {
  check_key: "Check the key: it may be missing, mistyped, revoked, or of another server.",
  check_rights: "The key is known but may not do this. Check its rights with the provider.",
  check_id: "Check the id, and that the base URL is that of the right server and app.",
  check_connection: "Check the base URL, the network, and that the server is up.",
  check_base_url:
    "Check that the base URL is that of the provider's API and not of a web page before it.",
  move_base_url: "If the server has moved, set baseUrl to its new address.",
  correct_query: "Correct the query and ask again.",
  correct_setting: "Correct the setting and try again.",
  leave_out: "Leave it out; explain() shows what can be asked.",
  other_value: "Give another value.",
  add_since:
    "Give since as well, which says how far back executions may have begun, or ask a store.",
  narrow_query: "Narrow the query by time, or report it to the adapter's author.",
  start_over: "Use it with what it came from, or leave it out to start at the beginning.",
  list_instead:
    "List the executions instead; include steps, inputs and outputs where the plan gives them.",
  ask_for_less: "Ask for a smaller pageSize or fewer includes, or raise maxBodyBytes.",
  smaller_page:
    "Correct the query and ask again; where the page is too large, with a smaller pageSize.",
  slow_down: "Ask again later, or set requestsPerSecond to stay below the provider's limit.",
  try_later: "The provider failed. Try again later.",
  raise_timeouts: "Try again, or raise timeoutMs and deadlineMs.",
  report: "Report it to the adapter's author.",
  // Worded by the adapter, or by whoever makes the error.
  other: "",
} as const

/** What to do about an error, as a program reads it. */
export type HintCode = keyof typeof hints

const hintOfReason: Readonly<Record<AdapterErrorReason, HintCode>> = {
  Authentication: "check_key",
  Permission: "check_rights",
  NotFound: "check_id",
  InvalidQuery: "correct_query",
  InvalidSettings: "correct_setting",
  Unsupported: "leave_out",
  RateLimited: "slow_down",
  Unavailable: "try_later",
  Timeout: "raise_timeouts",
  Transport: "check_connection",
  TooLarge: "ask_for_less",
  Decode: "check_base_url",
}

const passing: ReadonlySet<AdapterErrorReason> = new Set([
  "RateLimited",
  "Unavailable",
  "Timeout",
  "Transport",
])

/** Whether a failure may pass by itself, so that asking again later is of use. */
export const mayPass = ({ reason }: Pick<AdapterError, "reason">): boolean => passing.has(reason)

const ofOneExecution: ReadonlySet<AdapterErrorReason> = new Set([
  "NotFound",
  "InvalidQuery",
  "Decode",
  "TooLarge",
])

/** Whether a failure concerns what was asked for alone, so that others can be had all the same. */
export const isOfOneExecution = ({ reason }: Pick<AdapterError, "reason">): boolean =>
  ofOneExecution.has(reason)
