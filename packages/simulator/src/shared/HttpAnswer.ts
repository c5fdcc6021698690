import type { IncomingHttpHeaders } from "node:http"

/** What a provider's server is asked. */
export interface HttpRequest {
  readonly method: string
  /** Below the provider's base path: "/workflows/logs". */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Empty where there is none. */
  readonly body: string
}

/** What it answers. `skipped` is the number of rows it had to pass over, which may cost time. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly skipped?: number
}

/** A JSON answer. */
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
