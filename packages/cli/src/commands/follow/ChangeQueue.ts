import type { Change } from "@execlog/core"
import type { ChangeSource, DeliveryRecord } from "./ChangeSource.js"
import { makeChangeTurns } from "./ChangeTurns.js"

// So many changes wait for a slow command while polls go on; then the polls wait as well.
const mostWaiting = 10_000

/**
 * Tells the changes of several sources, one at a time. A source that fails is reported, and the
 * others go on. Rejects where a change cannot be told, or not noted as told.
 */
export const tellChanges = async (
  sources: ReadonlyArray<ChangeSource>,
  options: {
    /** End after so many changes; null: never. */
    readonly limit: number | null
    /** Nothing more is told once it is aborted; what is being told is told to its end. */
    readonly stop: AbortSignal
    /** Aborts `stop`. */
    readonly end: () => void
    /** Gives whether it was told to its end; else it is not noted as told. */
    readonly tell: (change: Change, delivery: DeliveryRecord) => Promise<boolean>
    readonly onFailure: (error: unknown, label: string | null) => void
  },
): Promise<void> => {
  const { limit, stop, end, tell, onFailure } = options
  const turns = makeChangeTurns(mostWaiting, () => stop.aborted)
  let told = 0

  const readOn = async ({ label, changes }: ChangeSource): Promise<void> => {
    try {
      for await (const { change, delivery, ack } of changes) {
        if (stop.aborted) return
        await turns.add(async () => {
          try {
            if (!(await tell(change, delivery))) return
            await ack()
          } catch (error) {
            end()
            throw error
          }
          told += 1
          if (told === limit) end()
        })
      }
    } catch (error) {
      // What ends a source then is the stop itself; what failed in a turn, `done` tells.
      if (!stop.aborted) onFailure(error, label)
    }
  }

  await Promise.all(sources.map(readOn))
  await turns.done()
}
