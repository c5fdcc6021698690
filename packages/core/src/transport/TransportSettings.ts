import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { AdapterError } from "../model/AdapterError.js"
import { describeIssue, pathOf } from "../model/Issue.js"
import { checkTransportNames } from "../model/OptionChecks.js"

/** How requests are sent, for every provider. All settings are optional. */
export interface TransportSettings {
  /** Milliseconds for one request and its response. Default: 30,000. */
  readonly timeoutMs?: number | undefined
  /** Milliseconds for one page or one `get`, including retries and waits. Default: 120,000. */
  readonly deadlineMs?: number | undefined
  /** How often a request is retried after a temporary failure. Default: 4. */
  readonly retries?: number | undefined
  /**
   * The maximum number of requests started per second, over all calls of the client. Default: no
   * limit.
   */
  readonly requestsPerSecond?: number | undefined
  /** The maximum number of concurrent requests, over all calls of the client. Default: 8. */
  readonly maxInFlight?: number | undefined
  /** The largest response to read, in bytes after decompression. Default: 32 MiB. */
  readonly maxBodyBytes?: number | undefined
  /** Whether to allow plain http to a host other than this machine. Default: false. */
  readonly allowHttp?: boolean | undefined
  /**
   * Headers to send with every request, for example for a gateway in front of the provider. Their
   * values are secrets, like keys, and are sent only to the connection's own origin. Default: none.
   */
  readonly headers?: { readonly [name: string]: string | undefined } | undefined
}

/** Validated transport settings, with the defaults filled in. */
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

// Messages never quote a value: if settings were swapped, it may be the key.
const decode = Schema.decodeUnknownResult(
  TransportSettings.annotate({ messageUnexpectedKey: "unknown key" }),
  { errors: "all", onExcessProperty: "error" },
)

/** Validates transport settings. Throws `InvalidSettings`, which names the setting. */
export const checkTransportSettings = (settings: TransportSettings): CheckedTransportSettings => {
  checkTransportNames(settings)
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

/** Checks that requests to a base URL keep the key private. Throws `InvalidSettings`. */
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
    message: `The setting "baseUrl" of ${provider} is plain http to ${hostname}: the key would be sent unencrypted.`,
    provider,
    operation: "settings",
    subject: { kind: "setting", name: "baseUrl" },
    hint: "allow_http",
  })
}
