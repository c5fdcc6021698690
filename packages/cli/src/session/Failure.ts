import { AdapterError, type AdapterErrorReason } from "@execlog/core"
import type { StoreError } from "@execlog/store"
import { ExitCode } from "./ExitCode.js"
import { inFlags } from "./FlagNames.js"
import { humanDuration } from "../text/HumanTime.js"
import type { Notices } from "./Notices.js"
import { OutputError, OutputFileError } from "./Output.js"
import { proxyHint } from "./Proxies.js"
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
 * Says what went wrong and gives the exit code of it. `where` names the connection; null where the
 * whole command failed.
 */
export const reportFailure = (notices: Notices, error: unknown, where: string | null): ExitCode => {
  const prefix = where === null ? "" : `${where}: `
  const code = exitCodeOf(error)
  if (error instanceof UsageError || isStoreError(error)) {
    notices.fail(`${prefix}${error.message}`, error.hint)
    return code
  }
  if (AdapterError.is(error)) {
    notices.fail(`${prefix}${inWords(error)}`, hintOf(error))
    return code
  }
  if (error instanceof OutputError) {
    notices.fail(error.message, null)
    return code
  }
  if (error instanceof OutputFileError) {
    notices.fail(error.message, error.hint)
    return code
  }
  const said = error instanceof Error ? error.message : String(error)
  notices.fail(
    `${prefix}This should not have happened: ${said}`,
    "This is a bug in execlog or in the adapter; please report it.",
  )
  if (error instanceof Error && error.stack !== undefined) {
    for (const line of error.stack.split("\n").slice(1)) notices.fail(line.trim(), null)
  }
  return code
}

/** The exit code of what went wrong. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof UsageError) return ExitCode.usage
  if (AdapterError.is(error)) return codes[error.reason]
  if (!isStoreError(error)) return ExitCode.fault
  const isUsage = error.reason === "InvalidAddress" || error.reason === "Conflict"
  return isUsage ? ExitCode.usage : ExitCode.fault
}

/** What kind of failure it is, in a word: the same while the same lasts. */
export const failureKind = (error: unknown): string =>
  AdapterError.is(error) || isStoreError(error) ? error.reason : String(error)

/** Known by its tag, so that commands that need no store load none. */
export const isStoreError = (error: unknown): error is StoreError =>
  error instanceof Error && "_tag" in error && error._tag === "StoreError"

/** What core says of a query, in the words of the command line. What a provider says stays. */
const inWords = (error: AdapterError): string =>
  error.operation === "query" || error.operation === "plan" ? inFlags(error.message) : error.message

const hintOf = (error: AdapterError): string | null => {
  if (error.hint === null) return null
  const hint = inFlags(error.hint)
    .replace("explain() shows", "execlog explain shows")
    .replace("leave it out to start", "leave out --cursor to start")
    .replace(
      "; include steps, inputs and outputs where",
      ", with --include steps,inputs,outputs where",
    )
  const proxies = error.reason === "Transport" ? proxyHint() : null
  if (proxies !== null) return `${hint} ${proxies}`
  return error.retryAfterMs === null
    ? hint
    : `The provider asks to wait ${humanDuration(error.retryAfterMs)}. ${hint}`
}
