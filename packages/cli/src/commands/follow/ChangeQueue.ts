import type { CallOptions, Change, Client, FollowOptions, LogQuery } from "@execlog/core"

/** A change, and the functions that record how it was reported. */
export interface ReportableChange {
  readonly change: Change
  readonly delivery: DeliveryRecord
  /** Acknowledges the change, so that it is not reported again after a restart. */
  readonly ack: () => Promise<void>
}

/** The record of a command's calls for one change. */
export interface DeliveryRecord {
  /** Whether an unacknowledged change is reported again after a restart. */
  readonly isKept: boolean
  /** The number of failed calls so far. */
  readonly tries: () => Promise<number>
  readonly failed: (failed: FailedDelivery) => Promise<void>
  /** Records a success after failures. */
  readonly delivered: () => Promise<void>
}

/** A failed call. */
export interface FailedDelivery {
  readonly tries: number
  readonly failure: string
  /** Whether this was the last try. */
  readonly isLast: boolean
}

/** A source of changes, in its own order. */
export interface ChangeSource {
  /** Its name in messages; null if its errors already contain it. */
  readonly label: string | null
  readonly changes: AsyncIterable<ReportableChange>
}

const forgets: DeliveryRecord = {
  isKept: false,
  tries: async () => 0,
  failed: async () => {},
  delivered: async () => {},
}

/** The changes that a client observes. Nothing remembers which were reported. */
export async function* clientChanges(
  client: Client,
  query: LogQuery,
  options: FollowOptions & CallOptions,
): AsyncGenerator<ReportableChange, void, undefined> {
  for await (const change of client.follow(query, options)) {
    yield { change, delivery: forgets, ack: async () => {} }
  }
}

/** Runs tasks one after the other, in the order in which they were added. */
export interface ChangeQueue {
  /** Adds a task; resolves when there is room for another. */
  readonly add: (work: () => Promise<void>) => Promise<void>
  /** Resolves when all tasks are done; rejects if one failed. */
  readonly done: () => Promise<void>
}

/**
 * A queue with room for a number of waiting tasks, so that polls continue while a slow command
 * runs. Skips all tasks after a failure or a stop.
 */
export const makeChangeQueue = (mostWaiting: number, isStopped: () => boolean): ChangeQueue => {
  let last: Promise<void> = Promise.resolve()
  let waiting = 0
  return {
    add: async (work) => {
      waiting += 1
      const task = last.then(async () => {
        waiting -= 1
        if (!isStopped()) await work()
      })
      last = task
      // `done` reports the failure.
      task.catch(() => {})
      if (waiting > mostWaiting) await task
    },
    done: () => last,
  }
}

// With more changes waiting for a slow command, the polls wait as well.
const mostWaiting = 10_000

/**
 * Reports the changes of several sources, one at a time. A failing source is named, and the
 * others continue. Rejects if a change cannot be reported or acknowledged.
 */
export const reportChanges = async (
  sources: ReadonlyArray<ChangeSource>,
  options: {
    /** End after this many changes; null for never. */
    readonly limit: number | null
    /** Once aborted, only the change in hand is finished. */
    readonly stop: AbortSignal
    /** Aborts `stop`. */
    readonly end: () => void
    /** Reports a change. Returns whether it did so completely; otherwise it is not acknowledged. */
    readonly report: (change: Change, delivery: DeliveryRecord) => Promise<boolean>
    readonly onFailure: (error: unknown, label: string | null) => void
  },
): Promise<void> => {
  const { limit, stop, end, report, onFailure } = options
  const queue = makeChangeQueue(mostWaiting, () => stop.aborted)
  let reported = 0

  const readOn = async ({ label, changes }: ChangeSource): Promise<void> => {
    try {
      for await (const { change, delivery, ack } of changes) {
        if (stop.aborted) return
        await queue.add(async () => {
          try {
            if (!(await report(change, delivery))) return
            await ack()
          } catch (error) {
            end()
            throw error
          }
          reported += 1
          if (reported === limit) end()
        })
      }
    } catch (error) {
      // After a stop, the error is the stop itself, or that of a task, which `done` reports.
      if (!stop.aborted) onFailure(error, label)
    }
  }

  await Promise.all(sources.map(readOn))
  await queue.done()
}
