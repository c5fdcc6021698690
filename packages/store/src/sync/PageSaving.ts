import type { DetailedExecutions, LogPage } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { noteDetails } from "./FailureDetails.js"
import { type Saved, saveObservations, type Sighting } from "../tables/Observations.js"
import { saveRejected } from "../tables/RejectedItems.js"
import type { SyncContext } from "./Context.js"

/** Saves what a page holds, within a transaction. */
export const savePage = Effect.fnUntraced(function* (
  context: SyncContext,
  page: LogPage,
  sighting: Omit<Sighting, "itemIds">,
  { executions, completed }: Pick<DetailedExecutions, "executions" | "completed"> = {
    executions: context.wanted(page),
    completed: [],
  },
): Effect.fn.Return<Saved, SqlError> {
  const { sql, connection } = context
  // An item that was rejected is read again later; a row that was asked beside cannot be, by itself.
  const items = page.rejected.filter(({ isJoined }) => !isJoined)
  const saved = yield* saveObservations(sql, connection, executions, {
    ...sighting,
    itemIds: page.itemIds,
  })
  yield* noteDetails(context, completed, sighting.observedAt)
  const { observedAt } = sighting
  const seen = { observedAt, begunAt: context.begunAt }
  const forgotten = yield* saveRejected(sql, connection, items, seen)
  context.tally.add("forgotten", forgotten)
  for (const { reason } of page.rejected.filter(({ isJoined }) => isJoined)) {
    context.warn(
      `Something that belongs to executions could not be read, and they are kept without it: ${reason} Once the adapter is mended, read the history again.`,
    )
  }
  return saved
})
