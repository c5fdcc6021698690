import type { AdapterError } from "@execlog/core"
import { isOfOneExecution, warningOf } from "@execlog/core/unstable"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { writeTransaction } from "../database/WriteTransaction.js"
import { saveObservations } from "../tables/Observations.js"
import { forgetRejected, rejectedItems } from "../tables/RejectedItems.js"
import type { SyncContext } from "./Context.js"

const inBatch = 200

/** Decodes rejected items again with the current adapter, and stores those that can be read now. */
export const rereadRejected = Effect.fnUntraced(function* (
  context: SyncContext,
): Effect.fn.Return<void, AdapterError | SqlError> {
  const { sql, source, connection, tally } = context
  let after = ""
  for (;;) {
    const items = yield* rejectedItems(sql, connection, { after, most: inBatch })
    const last = items.at(-1)
    if (last === undefined || context.isStopped()) return
    after = last.identity
    const reread = yield* source
      .reread(
        items.map(({ raw }) => raw),
        { include: context.options.include },
      )
      .pipe(
        Effect.catchIf(
          // Joined requests may fail for these items alone; new ones can still be read.
          isOfOneExecution,
          ({ message }) => {
            context.warn(
              warningOf(
                "reread_failed",
                `Items rejected earlier could not be decoded again: ${message}`,
              ),
            )
            return Effect.succeed([])
          },
        ),
      )
    const recovered = items.flatMap((item, index) => {
      const result = reread[index]
      return result?.ok === true ? [{ item, execution: result.execution }] : []
    })
    if (recovered.length === 0) continue
    yield* writeTransaction(
      sql,
      Effect.gen(function* () {
        for (const { item, execution } of recovered) {
          const { observedAt } = item
          const sighting = { observedAt, newsSince: null }
          tally.addSaved(yield* saveObservations(sql, connection, [execution], sighting))
        }
        yield* forgetRejected(
          sql,
          connection,
          recovered.map(({ item }) => item),
        )
      }),
    )
    tally.add("recovered", recovered.length)
  }
})
