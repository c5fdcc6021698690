import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { AdapterError } from "../model/AdapterError.js"
import { describeIssue, pathOf } from "../model/Issue.js"

/** How requests are made, the same for every provider. All may be left out. */
export interface TransportSettings {
  /** Milliseconds for one request with its answer. Default 30,000. */
  readonly timeoutMs?: number | undefined
  /** Milliseconds for one page or one `get`, retries and waiting included. Default 120,000. */
  readonly deadlineMs?: number | undefined
  /** How often a request that failed in passing is repeated. Default 4. */
  readonly retries?: number | undefined
  /** Requests that may start in one second, over all calls of the client. Default: no limit. */
  readonly requestsPerSecond?: number | undefined
  /** Requests that may be under way at once, over all calls of the client. Default 8. */
  readonly maxInFlight?: number | undefined
  /** The largest answer that is read, in bytes after decompression. Default 32 MiB. */
  readonly maxBodyBytes?: number | undefined
  /** Allow plain http to a host that is not this machine. Default false. */
  readonly allowHttp?: boolean | undefined
  /**
   * Headers to send with every request, as a gateway before the provider asks. Their values are kept
   * secret as keys are, and go to the connection's own origin alone.
   */
  readonly headers?: { readonly [name: string]: string | undefined } | undefined
}

/** Transport settings that were checked, with the defaults filled in. */
export interface CheckedTransportSettings {
  readonly timeoutMs: number
  readonly deadlineMs: number
  readonly retries: number
  readonly requestsPerSecond: number | null
  readonly maxInFlight: number
  readonly maxBodyBytes: number
  readonly allowHttp: boolean
  readonly headers: { readonly [name: string]: string | undefined }
}

const wholeNumber = (least: number) =>
  Schema.optional(
    Schema.Number.check(
      Schema.makeFilter((value) => Number.isSafeInteger(value) && value >= least, {
        expected: `a whole number of at least ${least}`,
      }),
    ),
  )

/** The schema of {@link TransportSettings}. */
export const TransportSettings = Schema.Struct({
  timeoutMs: wholeNumber(1),
  deadlineMs: wholeNumber(1),
  retries: wholeNumber(0),
  requestsPerSecond: Schema.optional(
    Schema.Number.check(
      Schema.makeFilter((value) => Number.isFinite(value) && value > 0, {
        expected: "a number above 0",
      }),
    ),
  ),
  maxInFlight: wholeNumber(1),
  maxBodyBytes: wholeNumber(1),
  allowHttp: Schema.optional(Schema.Boolean),
  headers: Schema.optional(Schema.Record(Schema.String, Schema.UndefinedOr(Schema.String))),
})

// No message quotes a value: where settings were mixed up, it may be the key.
const decode = Schema.decodeUnknownResult(
  TransportSettings.annotate({ messageUnexpectedKey: "unknown key" }),
  { errors: "all", onExcessProperty: "error" },
)

/** Checks transport settings. Throws `InvalidSettings`, which names the setting. */
export const checkTransportSettings = (settings: TransportSettings): CheckedTransportSettings => {
  const decoded = decode(settings)
  if (Result.isFailure(decoded)) {
    throw new AdapterError({
      reason: "InvalidSettings",
      message: `The transport settings are not valid: ${describeIssue(decoded.failure.issue)}.`,
      operation: "settings",
      subject: { kind: "option", name: String(pathOf(decoded.failure.issue)[0] ?? "transport") },
      hint: {
        code: "correct_setting",
        text: `The transport settings are ${Object.keys(TransportSettings.fields).join(", ")}.`,
      },
    })
  }
  const { success } = decoded
  return {
    timeoutMs: success.timeoutMs ?? 30_000,
    deadlineMs: success.deadlineMs ?? 120_000,
    retries: success.retries ?? 4,
    requestsPerSecond: success.requestsPerSecond ?? null,
    maxInFlight: success.maxInFlight ?? 8,
    maxBodyBytes: success.maxBodyBytes ?? 32 * 1024 * 1024,
    allowHttp: success.allowHttp ?? false,
    headers: success.headers ?? {},
  }
}

/** Checks that a base URL keeps the key private. Throws `InvalidSettings`. */
export const checkPrivacy = (
  provider: string,
  baseUrl: string,
  settings: CheckedTransportSettings,
): void => {
  const { protocol, hostname } = new URL(baseUrl)
  const isLoopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  if (protocol === "https:" || isLoopback || settings.allowHttp) return
  throw new AdapterError({
    reason: "InvalidSettings",
    message: `The setting "baseUrl" of ${provider} is plain http to ${hostname}: the key would be sent in the open.`,
    provider,
    operation: "settings",
    subject: { kind: "setting", name: "baseUrl" },
    hint: {
      code: "correct_setting",
      text: "Use https, or set the transport setting allowHttp to true.",
    },
  })
}
