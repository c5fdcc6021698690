import * as Effect from "effect/Effect"
import type { Connection } from "../adapter/Connection.js"
import type { AdapterError, AdapterErrorFields } from "../model/AdapterError.js"
import {
  type PageRequest,
  endpointOf,
  buildRequest,
  redirected,
  redirectOf,
  targetOf,
} from "./SentRequest.js"
import { Transport, type TransportService } from "./Transport.js"
import { headerInBoth, type UserHeaders } from "./UserHeaders.js"

const mostRedirects = 5

interface ExchangeSettings {
  readonly connection: Connection
  readonly own: UserHeaders
  readonly mostBytes: Effect.Effect<number>
  readonly fail: (fields: AdapterErrorFields) => AdapterError
  /** Null: the transport of the environment. */
  readonly transport: TransportService | null
}

/**
 * Sends one request of a connection and follows its redirects. The key never leaves the
 * connection's origin: a redirect or a next page elsewhere is an error.
 */
export const makeExchange = ({ connection, own, mostBytes, fail, ...given }: ExchangeSettings) => {
  const { origin } = new URL(connection.baseUrl)
  return Effect.fnUntraced(function* (spec: PageRequest, operation: string) {
    const transport = given.transport ?? (yield* Transport)
    const { title } = connection
    const endpoint = endpointOf(spec)
    if (spec.path.split("/").some((segment) => segment === "." || segment === "..")) {
      return yield* fail({
        reason: "InvalidQuery",
        message: `"." and ".." are not ids: ${title} would receive a request for another path than ${spec.path}.`,
        operation,
      })
    }
    const twice = headerInBoth(own, spec)
    if (twice !== undefined) {
      return yield* fail({
        reason: "InvalidSettings",
        message: `The header "${twice}" cannot be set: execlog sets it for ${endpoint}.`,
        operation,
        subject: { kind: "header", name: twice },
        hint: {
          code: "correct_setting",
          text: `Leave it out of the headers; ${connection.provider} may have a setting for it.`,
        },
      })
    }
    let request = buildRequest(connection, spec, own, yield* mostBytes)
    const next = spec.url === undefined ? null : targetOf(spec.url, request.url)
    if (spec.url !== undefined && next?.origin !== origin) {
      return yield* fail({
        reason: "Transport",
        message: `${title} at ${origin} returned a next page of ${endpoint} at another origin (${next?.origin ?? spec.url}); the key is not sent there.`,
        operation,
        hint: "update_base_url",
      })
    }
    if (next !== null) request = { ...request, url: next.href }
    for (let hops = 0; hops <= mostRedirects; hops++) {
      const response = yield* transport.exchange(request).pipe(
        Effect.mapError(({ kind, message }) =>
          kind === "too_large"
            ? fail({
                reason: "TooLarge",
                message: `${title} sent too large a response to ${endpoint}: ${message}.`,
                operation,
              })
            : fail({
                reason: "Transport",
                message: `${title} did not answer ${endpoint} at ${origin}: ${message}.`,
                operation,
              }),
        ),
      )
      const location = redirectOf(response)
      if (location === null) return response
      const target = targetOf(location, request.url)
      if (target === null || target.origin !== origin) {
        return yield* fail({
          reason: "Transport",
          message: `${title} at ${origin} redirects ${endpoint} to another origin (${target?.origin ?? location}); the key is not sent there.`,
          operation,
          status: response.status,
          hint: "update_base_url",
        })
      }
      request = redirected(request, response.status, target.href)
    }
    return yield* fail({
      reason: "Transport",
      message: `${title} at ${origin} redirects ${endpoint} in a loop.`,
      operation,
      status: 302,
    })
  })
}
