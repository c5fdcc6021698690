import * as Effect from "effect/Effect"
import type { ListEndpoint, PageInfo } from "../adapter/Connection.js"
import type { Decoded } from "../adapter/WireDecoder.js"
import type { AdapterError, AdapterErrorFields } from "../model/AdapterError.js"
import { DecodeFault, guarded } from "../model/DecodeFault.js"
import type { Requests } from "../transport/Requests.js"

// A server that ignores the page size returns everything it has.
const leastTaken = 1000
const timesTheSize = 20
/** For a single page without a page size. */
const mostOfSinglePage = 100_000

/** A response body, and the operation that requested it. */
interface Answered {
  readonly body: unknown
  readonly operation: string
}

/** Reads a page of an endpoint. An invalid page is a Decode error, with the provider's message. */
export const decodePage = Effect.fnUntraced(function* <A>(
  requests: Requests,
  { route, page: read }: { readonly route: string; readonly page: (body: unknown) => Decoded<A> },
  { body, operation }: Answered,
): Effect.fn.Return<A, AdapterError> {
  const page = guarded(read, body)
  if (!(page instanceof DecodeFault) && page.ok) return page.value
  const { message } = requests.problem(200, body)
  return yield* requests.fail({
    reason: "Decode",
    message: `${requests.title} answered ${route} with data that is not a page: ${message ?? page.reason}.`,
    operation,
    providerMessage: message ?? null,
  })
})

/** Reads a page of a list. Rejects one that is many times the requested size. */
export const decodeListPage = Effect.fnUntraced(function* (
  requests: Requests,
  endpoint: ListEndpoint,
  size: number,
  answered: Answered,
): Effect.fn.Return<PageInfo, AdapterError> {
  const info = yield* decodePage(requests, endpoint, answered)
  const { name, route, pagination, maxPageSize } = endpoint
  // An adapter in plain JavaScript may return anything.
  if (!Array.isArray(info.items)) {
    return yield* requests.fail(explainNoList(`${name}.info`, requests.title, answered.operation))
  }
  const most =
    pagination.size === null
      ? mostOfSinglePage
      : Math.max(leastTaken, timesTheSize * Math.max(size, maxPageSize))
  yield* rejectMore(requests, { route, most, ...answered }, info.items.length)
  return info
})

/** Describes an adapter that returns no list of items from a page. */
export const explainNoList = (
  where: string,
  title: string,
  operation: string,
): AdapterErrorFields => ({
  reason: "Decode",
  message: `The adapter of ${title} failed in ${where}: it returned no list of items.`,
  operation,
  hint: "report",
})

/** Rejects a response with more items than allowed. */
export const rejectMore = (
  requests: Requests,
  {
    route,
    most,
    operation,
  }: Pick<Answered, "operation"> & { readonly route: string; readonly most: number },
  count: number,
): Effect.Effect<void, AdapterError> =>
  count <= most
    ? Effect.void
    : Effect.fail(
        requests.fail({
          reason: "TooLarge",
          message: `${requests.title} answered ${route} with ${count} items, many times the requested number: at most ${most} are accepted.`,
          operation,
          hint: {
            code: "narrow_query",
            text: "Narrow the query, or report it to the adapter's author: the size of a page may have another name.",
          },
        }),
      )
