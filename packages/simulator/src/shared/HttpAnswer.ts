import type { IncomingHttpHeaders } from "node:http"

/** A request to a provider's server. */
export interface HttpRequest {
  readonly method: string
  /** Below the provider's base path: "/workflows/logs". */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Empty where there is none. */
  readonly body: string
}

/** The response of a provider's server. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Number of rows that the server skipped, which may cost time. Default 0. */
  readonly skipped?: number
}

/** A JSON response. */
export const jsonAnswer = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
  skipped = 0,
): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: `${JSON.stringify(value)}\n`,
  skipped,
})
