import type { Connection, ProviderProblem, RequestSpec } from "../adapter/Connection.js"
import type {
  AdapterErrorFields,
  AdapterErrorReason,
  Hint,
  HintCode,
} from "../model/AdapterError.js"
import { DecodeFault, guarded } from "../model/DecodeFault.js"
import { durationText } from "../model/DurationText.js"
import { type Json, isJsonObject, messageOf, parseJson } from "../model/Json.js"
import { retryDelay, isOverLimit } from "./RetryAfter.js"
import type { TransportResponse } from "./Transport.js"

/** Describes a response body that is not JSON. */
export const explainBody = (
  connection: Connection,
  spec: RequestSpec,
  response: TransportResponse,
): Pick<AdapterErrorFields, "message" | "hint"> => {
  const answered = `${connection.title} answered ${spec.method} ${spec.path} with`
  if (/^\s*[{[]/.test(response.body)) {
    return {
      message: `${answered} invalid or truncated JSON.`,
      hint: {
        code: "retry_later",
        text: "Try again; if it fails again, something between here and the provider changes its responses.",
      },
    }
  }
  const type = response.headers["content-type"] ?? "unknown"
  if (response.body.trim() === "") return { message: `${answered} nothing instead of JSON.` }
  return /^\s*<(!doctype|html)/i.test(response.body)
    ? { message: `${answered} a web page instead of JSON.` }
    : { message: `${answered} a body of type ${type} instead of JSON.` }
}

/** Longer bodies are not searched for the reason of an error. */
const longestProblem = 1024 * 1024

/** Describes a response with an error status. */
export const explainStatus = (
  connection: Connection,
  spec: RequestSpec,
  response: TransportResponse,
  now: number,
  operation: string,
): AdapterErrorFields => {
  const { status } = response
  const said = response.body.length > longestProblem ? null : parseJson(response.body)
  const problem = readProblem(connection, status, said ?? null)
  const providerMessage = problem.message ?? null
  const says =
    providerMessage === null ? "" : `: ${providerMessage.replace(/(?<![\s.])[\s.]+$/, "")}`
  const reason = problem.reason ?? (isOverLimit(response) ? "RateLimited" : reasonOf(status))
  const retryAfterMs = retryDelay(response, now)
  const wait =
    retryAfterMs === null
      ? ""
      : `, and asks to wait ${durationText(Math.ceil(retryAfterMs / 1000) * 1000)}`
  const hint = hintOf(reason, operation, connection.baseUrl + spec.path, problem)
  return {
    reason,
    message: `${connection.title} answered ${spec.method} ${spec.path} with ${status}${says}${wait}.`,
    operation,
    status,
    providerMessage,
    retryAfterMs,
    requestId: requestIdOf(response),
    ...(hint === undefined ? {} : { hint }),
  }
}

const requestIdHeaders = ["x-request-id", "request-id", "x-correlation-id", "x-trace-id", "cf-ray"]

/** The request id for the operator of the server. */
const requestIdOf = ({ headers }: TransportResponse): string | null =>
  requestIdHeaders.map((name) => headers[name]).find((id) => id !== undefined && id !== "") ?? null

const hintOf = (
  reason: AdapterErrorReason,
  operation: string,
  endpoint: string,
  problem: ProviderProblem,
): Hint | HintCode | undefined => {
  if (reason === "NotFound" && operation === "list") {
    return { code: "check_base_url", text: `Check the base URL: ${endpoint} was requested.` }
  }
  if (problem.hint !== undefined) return { code: "other", text: problem.hint }
  return reason === "InvalidQuery" && operation === "list" ? "reduce_page_size" : undefined
}

const reasonOf = (status: number): AdapterErrorReason => {
  if (status === 401) return "Authentication"
  if (status === 403) return "Permission"
  if (status === 404 || status === 410) return "NotFound"
  if (status === 408) return "Timeout"
  if (status === 413) return "TooLarge"
  if (status === 425 || status === 429) return "RateLimited"
  if (status >= 500) return "Unavailable"
  if (status >= 400) return "InvalidQuery"
  return "Decode"
}

/** Describes an adapter's failure to build its own request. */
export const explainUnwritten = (
  route: string,
  operation: string,
  reason: string,
): AdapterErrorFields => ({
  reason: "Decode",
  message: `The request ${route} could not be written: ${reason}.`,
  operation,
  hint: "report",
})

/**
 * The problem that a response body reports: as the adapter reads it, else under a usual name, since
 * proxies and gateways in front of a server respond in their own format.
 */
export const readProblem = (
  connection: Connection,
  status: number,
  body: unknown,
): ProviderProblem => {
  const read = guarded((given: unknown) => connection.problem(status, given), body)
  // An adapter that fails here must not hide the error; one in plain JavaScript may return
  // anything.
  const problemRead: ProviderProblem = read instanceof DecodeFault ? {} : read
  const message: unknown = problemRead.message
  const problem = typeof message === "string" ? problemRead : { ...problemRead, message: undefined }
  // The body came from JSON.parse, so it is JSON.
  const said = body as Json
  return problem.message === undefined && isJsonObject(said)
    ? { ...problem, message: messageOf(said) }
    : problem
}
