import type { Connection, RequestSpec } from "../adapter/Connection.js"
import type { UserHeaders } from "./UserHeaders.js"
import type { TransportRequest, TransportResponse } from "./Transport.js"

/** A request of a page: as its adapter writes it, or by the URL that the page before has named. */
export interface Asked extends RequestSpec {
  /** Takes the place of path and parameters; a relative one goes on from these. */
  readonly url?: string | undefined
}

/** What a request asks for, in the words of the provider's documents. */
export const askedOf = ({ method, path }: RequestSpec): string => `${method} ${path}`

/** The request as it is sent, with the key. */
export const buildRequest = (
  connection: Connection,
  spec: Asked,
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
    // Put together as text: what sends it parses it anyway.
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

/** Where an address leads from a page; null where it is none. */
export const targetOf = (location: string, base: string): URL | null =>
  URL.canParse(location, base) ? new URL(location, base) : null

/** "See other" is answered by GET, as browsers do; every other redirect by the same request. */
export const redirected = (
  request: TransportRequest,
  status: number,
  url: string,
): TransportRequest => {
  if (status !== 303 || request.body === null) return { ...request, url }
  const { "content-type": _, ...headers } = request.headers
  return { ...request, url, method: "GET", body: null, headers }
}

/** Where a redirect leads; null where an answer is none. */
export const redirectOf = (response: TransportResponse): string | null =>
  [301, 302, 303, 307, 308].includes(response.status)
    ? (response.headers["location"] ?? null)
    : null
