import type { CallOptions, Change, Client, FollowOptions, LogQuery } from "@execlog/core"

/** A change with what is to be called once it was told. */
export interface TellableChange {
  readonly change: Change
  /** Says that it was told, so that it is not told again after a restart. */
  readonly ack: () => Promise<void>
}

/** Where changes come from, each source in an order of its own. */
export interface ChangeSource {
  /** How it is called in messages; null where they name it themselves. */
  readonly label: string | null
  readonly changes: AsyncIterable<TellableChange>
}

/** The changes that a client observes. Nothing remembers that they were told. */
export async function* clientChanges(
  client: Client,
  query: LogQuery,
  options: FollowOptions & CallOptions,
): AsyncGenerator<TellableChange, void, undefined> {
  for await (const change of client.follow(query, options)) yield { change, ack: async () => {} }
}
