import * as Effect from "effect/Effect"
import type { AdapterError, AdapterErrorFields } from "../model/AdapterError.js"
import type { ListEndpoint, PageInfo } from "../adapter/Connection.js"
import type { Decoded } from "../adapter/WireDecoder.js"
import type { Requests } from "../transport/Requests.js"
import { Unreadable, guarded } from "../model/Unreadable.js"

// A server that takes no notice of the size gives all that it has.
const leastTaken = 1000
const timesTheSize = 20
/** Where all is on one page, and no size is asked for. */
const mostOfSinglePage = 100_000

/** An answer, and what it was asked for. */
interface Answered {
  readonly body: unknown
  readonly operation: string
}

/** Reads a page of an endpoint. One that is none is a Decode error, with what the provider says. */
export const decodePage = Effect.fnUntraced(function* <A>(
  requests: Requests,
  { route, page: read }: { readonly route: string; readonly page: (body: unknown) => Decoded<A> },
  { body, operation }: Answered,
): Effect.fn.Return<A, AdapterError> {
  const page = guarded(read, body)
  if (!(page instanceof Unreadable) && page.ok) return page.value
  const { message } = requests.problem(200, body)
  return yield* requests.fail({
    reason: "Decode",
    message: `${requests.title} answered ${route} with something that is not a page: ${message ?? page.reason}.`,
    operation,
    providerMessage: message ?? null,
  })
})

/** Reads a page of a list, which may not hold many times what was asked for. */
export const decodeListPage = Effect.fnUntraced(function* (
  requests: Requests,
  endpoint: ListEndpoint,
  size: number,
  answered: Answered,
): Effect.fn.Return<PageInfo, AdapterError> {
  const info = yield* decodePage(requests, endpoint, answered)
  const { name, route, pagination, maxPageSize } = endpoint
  // An adapter in plain JavaScript may give anything.
  if (!Array.isArray(info.items)) {
    return yield* requests.fail(explainNoList(`${name}.info`, requests.title, answered.operation))
  }
  const most =
    pagination.size === null
      ? mostOfSinglePage
      : Math.max(leastTaken, timesTheSize * Math.max(size, maxPageSize))
  yield* refuseMore(requests, { route, most, ...answered }, info.items.length)
  return info
})

/** An adapter that takes no list of items out of a page. */
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

/** Refuses an answer of more items than so many. */
export const refuseMore = (
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
