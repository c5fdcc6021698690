import type { Connection, RequestSpec } from "../adapter/Connection.js"
import type { TransportRequest, TransportResponse } from "./Transport.js"
import type { UserHeaders } from "./UserHeaders.js"

/** The request of a page: as the adapter builds it, or by the URL that the page before returned. */
export interface PageRequest extends RequestSpec {
  /** Replaces path and parameters; a relative URL is resolved against them. */
  readonly url?: string | undefined
}

/** The endpoint of a request, as the provider documents it. */
export const endpointOf = ({ method, path }: RequestSpec): string => `${method} ${path}`

/** The request as it is sent, with the key. */
export const buildRequest = (
  connection: Connection,
  spec: PageRequest,
  own: UserHeaders,
  maxBodyBytes: number,
): TransportRequest => {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(spec.query ?? {})) {
    parameters.append(name, typeof value === "object" ? JSON.stringify(value) : String(value))
  }
  const query = parameters.toString()
  const hasBody = spec.body !== undefined
  const auth = connection.auth()
  return {
    method: spec.method,
    // Concatenated as text, because the transport parses it anyway.
    url: `${connection.baseUrl}${spec.path}${query === "" ? "" : `?${query}`}`,
    headers: {
      ...own.headers,
      accept: "application/json",
      ...(hasBody ? { "content-type": "application/json" } : {}),
      ...spec.headers,
      ...auth.headers,
    },
    secretHeaders: [...Object.keys(auth.headers), ...Object.keys(own.headers)],
    body: hasBody ? JSON.stringify(spec.body) : null,
    maxBodyBytes,
  }
}

/** Resolves an address against that of a page; null if it is not valid. */
export const targetOf = (location: string, base: string): URL | null =>
  URL.canParse(location, base) ? new URL(location, base) : null

/** A 303 is followed by a GET, as in browsers; every other redirect repeats the request. */
export const redirected = (
  request: TransportRequest,
  status: number,
  url: string,
): TransportRequest => {
  if (status !== 303 || request.body === null) return { ...request, url }
  const { "content-type": _, ...headers } = request.headers
  return { ...request, url, method: "GET", body: null, headers }
}

/** The target of a redirect; null if the response is not one. */
export const redirectOf = (response: TransportResponse): string | null =>
  [301, 302, 303, 307, 308].includes(response.status)
    ? (response.headers["location"] ?? null)
    : null
