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
