import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AdapterError } from "../model/AdapterError.js"
import type { WalkPage } from "./MapPage.js"
import type { Plan } from "../walk/Plan.js"
import type { Requests } from "../transport/Requests.js"

/** How many pages a limit asks for; where executions are filtered out here, there is no telling. */
export const pagesDue = (plan: Plan, limit: number | undefined): number =>
  limit === undefined || (plan.evaluated.length > 0 && limit > plan.pageSize)
    ? Number.POSITIVE_INFINITY
    : Math.ceil(limit / plan.pageSize)

/** So many rejected items in a row, and a limit may never be reached. */
const mostInVain = 1000
/** Without a limit, a whole log is read past them; a server may give such items for ever. */
const mostInVainOfAll = 20_000

/** Ends a walk where nothing comes that could be read. */
export const endingInVain = (
  requests: Requests,
  pages: Stream.Stream<WalkPage, AdapterError>,
  limit: number | undefined,
): Stream.Stream<WalkPage, AdapterError> =>
  Stream.suspend(() => {
    const most = limit === undefined ? mostInVainOfAll : mostInVain
    let inVain = 0
    // What was rejected is told before it counts: the page after it is the one that fails.
    return Stream.mapEffect(pages, (walked) => {
      const { executions, rejected } = walked.page
      if (inVain >= most && executions.length === 0) {
        return Effect.fail(
          requests.fail({
            reason: "Decode",
            message: `${requests.title} returned ${inVain} unreadable items in a row, and more follow.`,
            operation: "list",
            hint: {
              code: "report",
              text: "Report it to the adapter's author, with one of the items.",
            },
          }),
        )
      }
      inVain = executions.length > 0 ? 0 : inVain + rejected.length
      return Effect.succeed(walked)
    })
  })

/** Ends a walk after so many executions. */
export const cutAt = (
  pages: Stream.Stream<WalkPage, AdapterError>,
  limit: number,
): Stream.Stream<WalkPage, AdapterError> =>
  Stream.suspend(() => {
    let due = limit
    return pages.pipe(
      // Pages that come together are cut together: each tells by itself whether it is the last.
      Stream.map((walked) => {
        const cut = walked.page.executions.length > due ? cutPage(walked, due) : walked
        due -= cut.page.executions.length
        return { cut, isLast: due === 0 }
      }),
      Stream.takeUntil(({ isLast }) => isLast),
      Stream.map(({ cut }) => cut),
    )
  })

/** The beginning of a page, with what could not be read there: the rest is told where it is given. */
const cutPage = ({ page, rowOf, ...cursors }: WalkPage, count: number): WalkPage => {
  const executions = page.executions.slice(0, count)
  const itemIds = page.itemIds.slice(0, count)
  const rejected = page.rejected.filter(({ index }) => index < rowOf(count - 1))
  return { page: { ...page, executions, itemIds, rejected }, rowOf, ...cursors }
}
