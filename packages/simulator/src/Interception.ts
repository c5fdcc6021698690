import type { IncomingHttpHeaders } from "node:http"
import type { HttpAnswer } from "./shared/HttpAnswer.js"

/** The provider of a request. */
export type SimulatedProvider = "dify" | "alloy" | "n8n" | "prefect"

/** A request that was answered. `status` is 0 where the connection was broken. */
export interface SimulatedRequest {
  readonly provider: SimulatedProvider
  readonly method: string
  /** With the query, as it was sent. */
  readonly path: string
  /** Absent where there was none. */
  readonly body?: string
  readonly status: number
}

/** A request before it is answered. */
export interface InterceptedRequest extends Omit<SimulatedRequest, "status"> {
  readonly headers: IncomingHttpHeaders
  /** Empty where there is none. */
  readonly body: string
}

/** The answer of an interceptor. A body that is not a string is sent as JSON. */
export interface InterceptAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
}

/** Called before each request is answered. undefined leaves it to the simulator; "disconnect" breaks the connection. */
export type Interceptor = (
  request: InterceptedRequest,
) =>
  | InterceptAnswer
  | "disconnect"
  | undefined
  | Promise<InterceptAnswer | "disconnect" | undefined>

/** The response that an interceptor's answer stands for. */
export const interceptedAnswer = ({ status, headers, body }: InterceptAnswer): HttpAnswer => {
  if (body === undefined || typeof body === "string")
    return { status, headers: { ...headers }, body: body ?? "" }
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  }
}
