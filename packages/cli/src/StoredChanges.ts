import { AdapterError, checkQuery, type LogQuery, passesFilter } from "@execlog/core"
import type { ExecutionChange, Store } from "@execlog/store"
import type { TellableChange } from "./ChangeSource.js"
import type { OpenConnection } from "./Connections.js"
import { pause } from "./Pause.js"

/** How changes are followed through a store. */
export interface StoredFollowing {
  readonly intervalMs: number
  /** What tells this follower from others of the store: where each has come to is kept. */
  readonly follower: string
  /** Where a new follower begins; now where nothing is said. */
  readonly since: Date | undefined
  readonly signal: AbortSignal
  readonly onWarning: (label: string, warning: string) => void
  /** Is told of a connection that is followed no more. */
  readonly onFailure: (label: string, error: unknown) => void
}

const inBatch = 100

/**
 * The changes that a store records while its connections are kept up to date, those included that
 * were recorded while nobody followed. Each is told at least once: where it has come to is noted once
 * a change was told.
 */
export async function* storedChanges(
  store: Store,
  connections: ReadonlyArray<OpenConnection>,
  query: LogQuery,
  following: StoredFollowing,
): AsyncGenerator<TellableChange, void, undefined> {
  const { follower, since, signal, intervalMs, onWarning, onFailure } = following
  const isWanted = matching(connections, query)
  let position = await store.followerPosition(follower, since)
  let followed = connections
  while (!signal.aborted) {
    const changes = await store.changes(position, inBatch)
    for (const { number, ...change } of changes) {
      position = number
      if (!isWanted(change)) continue
      yield { change, ack: () => store.setFollowerPosition(follower, number) }
    }
    if (changes.length === inBatch) continue
    if (followed.length === 0) return
    const rounds = await Promise.all(
      followed.map(async (connection) => {
        const { client, label } = connection
        const warn = (warning: string) => onWarning(label, warning)
        const include = query.include
        try {
          await store.sync(client, { newOnly: true, include, signal, onWarning: warn })
        } catch (error) {
          if (!AdapterError.is(error) || !passing.has(error.reason)) {
            onFailure(label, error)
            return []
          }
          warn(`${error.message} The next round tries again.`)
        }
        return [connection]
      }),
    )
    followed = rounds.flat()
    // What this round has recorded is told before the next one.
    if ((await store.changes(position, 1)).length === 0) await pause(intervalMs, signal)
  }
}

/** What may be over when the next round asks. */
const passing: ReadonlySet<string> = new Set(["RateLimited", "Unavailable", "Timeout", "Transport"])

const filters = ["workflowId", "status", "actorId", "startedAfter", "startedBefore"] as const

const matching = (connections: ReadonlyArray<OpenConnection>, query: LogQuery) => {
  const checked = checkQuery(query)
  const names = new Set(connections.map(({ client }) => client.name ?? client.provider))
  return ({ execution }: Omit<ExecutionChange, "number">): boolean =>
    execution.connection !== null &&
    names.has(execution.connection) &&
    filters.every((filter) => passesFilter(execution, checked, filter))
}
