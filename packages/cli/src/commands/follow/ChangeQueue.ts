import type { CallOptions, Change, Client, FollowOptions, LogQuery } from "@execlog/core"

/** A change with what is to be called once it was told. */
export interface TellableChange {
  readonly change: Change
  readonly delivery: DeliveryRecord
  /** Says that it was told, so that it is not told again after a restart. */
  readonly ack: () => Promise<void>
}

/** What is remembered of the calls of a command for one change. */
export interface DeliveryRecord {
  /** Whether a change that was not acknowledged is told again after a restart. */
  readonly isKept: boolean
  /** How often the command has failed. */
  readonly tries: () => Promise<number>
  readonly failed: (failed: FailedDelivery) => Promise<void>
  /** It succeeded after it had failed. */
  readonly delivered: () => Promise<void>
}

/** A call that failed. */
export interface FailedDelivery {
  readonly tries: number
  readonly failure: string
  /** Whether the command is not called again for this change. */
  readonly isLast: boolean
}

/** Where changes come from, each source in an order of its own. */
export interface ChangeSource {
  /** How it is called in messages; null where they name it themselves. */
  readonly label: string | null
  readonly changes: AsyncIterable<TellableChange>
}

const forgets: DeliveryRecord = {
  isKept: false,
  tries: async () => 0,
  failed: async () => {},
  delivered: async () => {},
}

/** The changes that a client observes. Nothing remembers that they were told. */
export async function* clientChanges(
  client: Client,
  query: LogQuery,
  options: FollowOptions & CallOptions,
): AsyncGenerator<TellableChange, void, undefined> {
  for await (const change of client.follow(query, options)) {
    yield { change, delivery: forgets, ack: async () => {} }
  }
}

/** Does one thing after the other, in the order in which they were handed in. */
export interface ChangeTurns {
  /** Hands something in; resolves when there is room for more. */
  readonly add: (work: () => Promise<void>) => Promise<void>
  /** Resolves when all that was handed in is done, and rejects when one of it has failed. */
  readonly done: () => Promise<void>
}

/**
 * Turns of which so many may wait: whoever hands in goes on meanwhile, as a poll does while a slow
 * command runs. What comes after a failure, or once it is stopped, is not done.
 */
export const makeChangeTurns = (mostWaiting: number, isStopped: () => boolean): ChangeTurns => {
  let last: Promise<void> = Promise.resolve()
  let waiting = 0
  return {
    add: async (work) => {
      waiting += 1
      const mine = last.then(async () => {
        waiting -= 1
        if (!isStopped()) await work()
      })
      last = mine
      // `done` tells of it.
      mine.catch(() => {})
      if (waiting > mostWaiting) await mine
    },
    done: () => last,
  }
}

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
