import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AdapterError } from "../model/AdapterError.js"
import type { Requests } from "../transport/Requests.js"
import type { Plan } from "../walk/Plan.js"
import type { WalkPage } from "./MapPage.js"

/** How many pages a limit takes at most; infinite if execlog filters, and it cannot be known. */
export const pagesDue = (plan: Plan, limit: number | undefined): number =>
  limit === undefined || (plan.evaluated.length > 0 && limit > plan.pageSize)
    ? Number.POSITIVE_INFINITY
    : Math.ceil(limit / plan.pageSize)

/** Rejected items in a row after which a limit is assumed never to be reached. */
const mostRejected = 1000
/** The same without a limit: a whole log is read past many of them, but not for ever. */
const mostRejectedWithoutLimit = 20_000

/** Fails a walk in which only unreadable items come. */
export const failingIfAllRejected = (
  requests: Requests,
  pages: Stream.Stream<WalkPage, AdapterError>,
  limit: number | undefined,
): Stream.Stream<WalkPage, AdapterError> =>
  Stream.suspend(() => {
    const most = limit === undefined ? mostRejectedWithoutLimit : mostRejected
    let rejectedInARow = 0
    // A page is given before its rejected items count: the next one fails.
    return Stream.mapEffect(pages, (walked) => {
      const { executions, rejected } = walked.page
      if (rejectedInARow >= most && executions.length === 0) {
        return Effect.fail(
          requests.fail({
            reason: "Decode",
            message: `${requests.title} returned ${rejectedInARow} rejected items in a row, and more follow.`,
            operation: "list",
            hint: {
              code: "report",
              text: "Report it to the adapter's author, and include one of the items.",
            },
          }),
        )
      }
      rejectedInARow = executions.length > 0 ? 0 : rejectedInARow + rejected.length
      return Effect.succeed(walked)
    })
  })

/** Ends a walk after a number of executions. */
export const cutAt = (
  pages: Stream.Stream<WalkPage, AdapterError>,
  limit: number,
): Stream.Stream<WalkPage, AdapterError> =>
  Stream.suspend(() => {
    let due = limit
    return pages.pipe(
      // Pages may come several at once, so each says whether it is the last.
      Stream.map((walked) => {
        const cut = walked.page.executions.length > due ? cutPage(walked, due) : walked
        due -= cut.page.executions.length
        return { cut, isLast: due === 0 }
      }),
      Stream.takeUntil(({ isLast }) => isLast),
      Stream.map(({ cut }) => cut),
    )
  })

/** The beginning of a page, with the items rejected there: the rest is reported when it is given. */
const cutPage = ({ page, rowOf, ...cursors }: WalkPage, count: number): WalkPage => {
  const executions = page.executions.slice(0, count)
  const itemIds = page.itemIds.slice(0, count)
  const rejected = page.rejected.filter(({ index }) => index < rowOf(count - 1))
  return { page: { ...page, executions, itemIds, rejected }, rowOf, ...cursors }
}
