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
  readonly hint?: string | null
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
  /** What to do about it. */
  readonly hint: string | null
  readonly cause?: unknown
}> {
  constructor(fields: AdapterErrorFields) {
    super({
      provider: null,
      connection: null,
      operation: null,
      status: null,
      providerMessage: null,
      retryAfterMs: null,
      hint: hints[fields.reason],
      ...fields,
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

const hints: Readonly<Record<AdapterErrorReason, string>> = {
  Authentication: "Check the key: it may be missing, mistyped, revoked, or of another server.",
  Permission: "The key is known but may not do this. Check its rights with the provider.",
  NotFound: "Check the id, and that the base URL is that of the right server and app.",
  InvalidQuery: "Correct the query and ask again.",
  InvalidSettings: "Correct the setting and try again.",
  Unsupported: "Leave this part of the query out; explain() shows what can be asked.",
  RateLimited: "Ask again later, or set requestsPerSecond to stay below the provider's limit.",
  Unavailable: "The provider failed. Try again later.",
  Timeout: "Try again, or raise timeoutMs and deadlineMs.",
  Transport: "Check the base URL, the network, and that the server is up.",
  TooLarge: "Ask for a smaller pageSize or fewer includes, or raise maxBodyBytes.",
  Decode: "Check that the base URL is that of the provider's API and not of a web page before it.",
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
