import * as Data from "effect/Data"
import { NodeInspectSymbol } from "effect/Inspectable"
import * as Predicate from "effect/Predicate"
import { inspectedError } from "./ErrorInspection.js"

/**
 * Why a request, a setting or a query failed, in words that mean the same for every provider.
 *
 * - `Authentication`: the key is missing, wrong or revoked.
 * - `Permission`: the key is valid but lacks permission.
 * - `NotFound`: the execution or path does not exist.
 * - `InvalidQuery`: the query, an id or a cursor is malformed.
 * - `InvalidSettings`: a setting of the adapter, the client or the transport is wrong.
 * - `Unsupported`: neither the provider nor execlog can answer this.
 * - `RateLimited`: the provider limits the rate of requests; see `retryAfterMs`.
 * - `Unavailable`: the provider failed (a 5xx response).
 * - `Timeout`: no response within `timeoutMs`, or within `deadlineMs` including all retries.
 * - `Transport`: no response: refused, reset, unknown host, a redirect that is not followed.
 * - `TooLarge`: the response is larger than `maxBodyBytes`.
 * - `Decode`: the response is not what the provider documents.
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

/** The subject of an error or a warning: a part of the caller's input, or an endpoint. */
export interface Subject {
  /**
   * - `query`: a part of a `LogQuery`.
   * - `setting`: a setting of the adapter.
   * - `option`: an option of the client, of its transport or of a method.
   * - `argument`: an argument of a method, such as the `id` of `get`.
   * - `header`: one of the user's headers.
   * - `endpoint`: an endpoint that is requested besides a list, by its route.
   */
  readonly kind: "query" | "setting" | "option" | "argument" | "header" | "endpoint"
  /** Its name, such as `workflowId`, `baseUrl` or `timeoutMs`. */
  readonly name: string
}

/** A part of a query as the subject of an error or a warning. */
export const partOfQuery = (name: string): Subject => ({ kind: "query", name })

/**
 * What is wrong with a cursor.
 *
 * - `malformed`: it is not a cursor, or its content cannot be read.
 * - `altered`: it was altered or cut off.
 * - `other_version`: another version of execlog wrote it.
 * - `other_kind`: a single connection, a log of several and a store do not read each other's.
 * - `other_provider`, `other_connection`, `other_server`, `other_query`: it was written for another one.
 */
export type CursorFault =
  | "malformed"
  | "altered"
  | "other_version"
  | "other_kind"
  | "other_provider"
  | "other_connection"
  | "other_server"
  | "other_query"

/**
 * What to do about an error: `code` for programs, which may use their own words, `text` for people.
 */
export interface Hint {
  readonly code: HintCode
  readonly text: string
  /** The largest valid value, with `reduce_value`. */
  readonly maximum?: number
}

/** The fields of an {@link AdapterError}; all but `reason` and `message` are optional. */
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
  readonly cursorFault?: CursorFault | null
  /** A code alone gets its usual text. */
  readonly hint?: Hint | HintCode | null
  readonly cause?: unknown
}

/**
 * The error type of execlog: promises reject with it, effects fail with it. It never contains a
 * secret.
 */
export class AdapterError extends Data.TaggedError("AdapterError")<{
  readonly reason: AdapterErrorReason
  /** What failed and where, in one sentence for people. */
  readonly message: string
  /** The adapter's id; null if no adapter was involved. */
  readonly provider: string | null
  /** The name of the connection; null if it has none. */
  readonly connection: string | null
  /** The operation that failed: `"list"`, `"get"`, `"settings"`, … */
  readonly operation: string | null
  /** The HTTP status of the response; null if there was none. */
  readonly status: number | null
  /** The provider's own message, cut to 800 characters; null if it sent none. */
  readonly providerMessage: string | null
  /** Milliseconds to wait, as requested by the provider; null if it did not request a wait. */
  readonly retryAfterMs: number | null
  /** The request id that the response carried, for the provider's support; null if it carried none. */
  readonly requestId: string | null
  /** How many times the request was sent; 0 if it never was. */
  readonly attempts: number
  /** The part of the caller's input that caused it; null if no single part did. */
  readonly subject: Subject | null
  /** What is wrong with the cursor; null if it is not about one. */
  readonly cursorFault: CursorFault | null
  /** A hint for the user. */
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
      cursorFault: null,
      ...fields,
      hint: typeof hint === "string" ? { code: hint, text: hints[hint] } : hint,
    })
  }

  /** Printed by `console.log` as Node prints errors: stack, fields, cause. */
  override [NodeInspectSymbol](): Error {
    return inspectedError(this, this)
  }

  /** Whether the failure is temporary, so that a later retry may succeed. */
  get retryable(): boolean {
    return passing.has(this.reason)
  }

  /**
   * Whether a value is an AdapterError, including one from another copy of this package, for
   * example when a command line brings its own core beside a project's.
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
  const { retryAfterMs, requestId, attempts, subject, cursorFault, hint, cause } = error
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
    cursorFault,
    hint,
    ...(cause === undefined ? {} : { cause }),
    ...fields,
  })
}

const hints = {
  check_key: "Check the key: it may be missing, mistyped, revoked, or for another server.",
  check_permissions:
    "The key is valid but lacks permission. Check its permissions with the provider.",
  check_id: "Check the id, and that the base URL is the one of the right server and app.",
  list_ids: "List the executions to see their ids.",
  check_connection: "Check the base URL, the network, and that the server is up.",
  check_base_url: "Check that the base URL leads to the provider's API, and not to a web page.",
  update_base_url: "If the server has moved, set baseUrl to its new address.",
  correct_query: "Correct the query and try again.",
  add_setting: "Give it a value.",
  correct_setting: "Correct the setting and try again.",
  allow_http: "Use https, or set the transport setting allowHttp to true.",
  omit: "Leave it out; explain() shows what is supported.",
  change_value: "Use another value.",
  reduce_value: "Use a smaller value.",
  change_name: "Use another name.",
  add_since: "Add since, the earliest start of an execution to read, or read a store.",
  narrow_query: "Narrow the query by time, or report it to the adapter's author.",
  start_over: "Use it with the query that returned it, or leave it out to start at the beginning.",
  list_instead:
    "List the executions instead; the plan says whether the list returns steps, inputs and outputs.",
  request_less: "Use a smaller pageSize or fewer includes, or raise maxBodyBytes.",
  reduce_page_size: "Correct the query; if the page is too large, use a smaller pageSize.",
  slow_down: "Try again later, or set requestsPerSecond to stay below the provider's limit.",
  retry_later: "The provider failed. Try again later.",
  raise_timeouts: "Try again, or raise timeoutMs and deadlineMs.",
  report: "Report it to the adapter's author.",
  // The adapter, or the code that creates the error, provides the text.
  other: "",
} as const

/** What to do about an error, for programs. */
export type HintCode = keyof typeof hints

const hintOfReason: Readonly<Record<AdapterErrorReason, HintCode>> = {
  Authentication: "check_key",
  Permission: "check_permissions",
  NotFound: "check_id",
  InvalidQuery: "correct_query",
  InvalidSettings: "correct_setting",
  Unsupported: "omit",
  RateLimited: "slow_down",
  Unavailable: "retry_later",
  Timeout: "raise_timeouts",
  Transport: "check_connection",
  TooLarge: "request_less",
  Decode: "check_base_url",
}

const passing: ReadonlySet<AdapterErrorReason> = new Set([
  "RateLimited",
  "Unavailable",
  "Timeout",
  "Transport",
])

const ofOneExecution: ReadonlySet<AdapterErrorReason> = new Set([
  "NotFound",
  "InvalidQuery",
  "Decode",
  "TooLarge",
])

/** Whether a failure concerns only the requested execution, so that others can still be read. */
export const isOfOneExecution = ({ reason }: Pick<AdapterError, "reason">): boolean =>
  ofOneExecution.has(reason)
