import { AdapterError, type AdapterErrorReason, type HintCode } from "@execlog/core"
import type { StoreError } from "@execlog/store"
import { humanDuration } from "../text/HumanTime.js"
import { ExitCode } from "./ExitCode.js"
import { flagOfSubject } from "./FlagNames.js"
import type { Notices } from "./Notices.js"
import { OutputError, OutputFileError } from "./Output.js"
import { proxyHint } from "./Proxies.js"
import { storeHintText } from "./StoreHints.js"
import { UsageError } from "./UsageError.js"

const codes: Readonly<Record<AdapterErrorReason, ExitCode>> = {
  InvalidQuery: ExitCode.usage,
  InvalidSettings: ExitCode.usage,
  Unsupported: ExitCode.usage,
  Authentication: ExitCode.denied,
  Permission: ExitCode.denied,
  NotFound: ExitCode.notFound,
  RateLimited: ExitCode.unreachable,
  Unavailable: ExitCode.unreachable,
  Timeout: ExitCode.unreachable,
  Transport: ExitCode.unreachable,
  TooLarge: ExitCode.unreachable,
  Decode: ExitCode.unreachable,
}

/**
 * Reports what went wrong, and returns its exit code. `where` names the connection; null if the
 * whole command failed.
 */
export const reportFailure = (notices: Notices, error: unknown, where: string | null): ExitCode => {
  const prefix = where === null ? "" : `${where}: `
  const code = exitCodeOf(error)
  if (error instanceof UsageError) {
    notices.error(`${prefix}${error.message}`, error.hint)
    return code
  }
  if (isStoreError(error)) {
    notices.error(`${prefix}${error.message}`, storeHintText(error.hint))
    return code
  }
  if (AdapterError.is(error)) {
    notices.error(`${prefix}${messageOf(error)}`, hintOf(error))
    return code
  }
  if (error instanceof OutputError) {
    notices.error(error.message, null)
    return code
  }
  if (error instanceof OutputFileError) {
    notices.error(error.message, error.hint)
    return code
  }
  const said = error instanceof Error ? error.message : String(error)
  notices.error(
    `${prefix}Unexpected error: ${said}`,
    "This is a bug in execlog or in the adapter; please report it.",
  )
  if (error instanceof Error && error.stack !== undefined) {
    for (const line of error.stack.split("\n").slice(1)) notices.error(line.trim(), null)
  }
  return code
}

/** The exit code of an error. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof UsageError) return ExitCode.usage
  if (AdapterError.is(error)) return codes[error.reason]
  if (!isStoreError(error)) return ExitCode.fault
  const isUsage = error.reason === "InvalidAddress" || error.reason === "Conflict"
  return isUsage ? ExitCode.usage : ExitCode.fault
}

/** The kind of a failure, by which a lasting one is recognized. */
export const failureKind = (error: unknown): string =>
  AdapterError.is(error) || isStoreError(error) ? error.reason : String(error)

/** Recognized by its tag, so that commands without a store do not load the store's code. */
export const isStoreError = (error: unknown): error is StoreError =>
  error instanceof Error && "_tag" in error && error._tag === "StoreError"

/** The message, after the flag it is about. */
const messageOf = ({ subject, message }: AdapterError): string => {
  const flag = flagOfSubject(subject)
  return flag === null ? message : `${flag}: ${message}`
}

/** Core's hints, reworded with flags and commands. */
const hints: Partial<Readonly<Record<HintCode, string>>> = {
  omit: "Leave it out; execlog explain shows what is supported.",
  add_since:
    "Give --since as well, to say how far back executions may have started, or read a store with --stored.",
  start_over:
    "Use it with the query that returned it, or leave out --cursor to start at the beginning.",
  list_instead:
    "List the executions instead, with --include steps,inputs,outputs; execlog explain shows which of them the list returns.",
  request_less: "Use a smaller --page-size or fewer --include, or raise maxBodyBytes.",
  reduce_page_size: "Correct the query; if the page is too large, use a smaller --page-size.",
  list_ids: "execlog list shows the ids.",
}

const hintOf = ({ hint, subject, reason, retryAfterMs }: AdapterError): string | null => {
  if (hint === null) return null
  const flag = flagOfSubject(subject)
  const text =
    hint.maximum !== undefined && flag !== null
      ? `Use ${flag} ${hint.maximum} or less.`
      : (hints[hint.code] ?? hint.text)
  const proxies = reason === "Transport" ? proxyHint() : null
  if (proxies !== null) return `${text} ${proxies}`
  return retryAfterMs === null
    ? text
    : `The provider asks to wait ${humanDuration(retryAfterMs)}. ${text}`
}
