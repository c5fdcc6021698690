import type { ChosenConnection, OpenConnection } from "../../connections/Connections.js"
import { isStoreError } from "../../session/Failure.js"
import { pause } from "../../session/Interruption.js"
import { makeRoundWarnings } from "../../session/LastingNotices.js"
import type { DeliveryRecord, TellableChange } from "./ChangeQueue.js"
import { AdapterError, type Details, type Include, type LogQuery } from "@execlog/core"
import { checkQuery, mayPass, passesFilter } from "@execlog/core/unstable"
import { warningText } from "../../session/FlagNames.js"
import type { ExecutionChange, Store, StoreError } from "@execlog/store"

/** How changes are followed through a store. */
export interface StoredFollowing extends Omit<SyncRounds, "include" | "onRecorded"> {
  /** What tells this follower from others of the store: where each has come to is kept. */
  readonly follower: string
  /** The connections whose changes are told, those included that cannot be asked now. */
  readonly chosen: ReadonlyArray<Pick<ChosenConnection, "name">>
}

const inBatch = 100

/**
 * The changes that a store records while its connections are kept up to date, those included that
 * were recorded while nobody followed, or by another program. Each is told at least once: where it
 * has come to is noted once a change was told.
 */
export async function* storedChanges(
  store: Store,
  connections: ReadonlyArray<OpenConnection>,
  query: LogQuery,
  { follower, chosen, ...rounds }: StoredFollowing,
): AsyncGenerator<TellableChange, void, undefined> {
  const { signal, since, intervalMs } = rounds
  const isWanted = matching(chosen, query)
  // All up to `told` was told; `given` is the last that was handed out, and `read` the last there was.
  let told = await store.followerPosition(follower, since)
  let given = told
  let read = told
  const noteTold = async (number: number): Promise<void> => {
    await store.setFollowerPosition(follower, number)
    told = number
  }
  const syncing = startSyncing(store, connections, query, rounds)
  try {
    while (!signal.aborted) {
      const isLast = syncing.hasEnded()
      const recorded = syncing.recorded()
      const changes = await store.changes(read, inBatch, query.include)
      for (const { number, ...change } of changes) {
        read = number
        if (!isWanted(change)) continue
        given = number
        const delivery = deliveryOf(store, follower, number)
        yield { change, delivery, ack: () => noteTold(number) }
      }
      // What is not wanted need not be read again after a restart.
      if (given <= told && read > told) await noteTold(read)
      if (changes.length > 0) continue
      if (isLast) return
      await pause(intervalMs, recorded)
    }
  } finally {
    await syncing.end()
  }
}

/** What a store remembers of the calls of a follower's command for one change. */
const deliveryOf = (store: Store, follower: string, number: number): DeliveryRecord => ({
  isKept: true,
  tries: () => store.deliveryTries(follower, number),
  failed: (failed) => store.setDelivery(follower, number, failed),
  delivered: () => store.setDelivery(follower, number, null),
})

interface Syncing {
  /** Whether no connection is asked any more. Throws what the store failed with. */
  readonly hasEnded: () => boolean
  /** Aborts when something may have been recorded since now, or all is to end. */
  readonly recorded: () => AbortSignal
  /** Ends after the pages in hand. */
  readonly end: () => Promise<void>
}

/** Keeps connections up to date side by side, so that none waits for another. */
const startSyncing = (
  store: Store,
  connections: ReadonlyArray<OpenConnection>,
  { include }: LogQuery,
  rounds: Omit<SyncRounds, "include" | "onRecorded">,
): Syncing => {
  const ending = new AbortController()
  const signal = AbortSignal.any([rounds.signal, ending.signal])
  const failures: Array<unknown> = []
  let going = connections.length
  let bell = new AbortController()
  const ring = (): void => bell.abort()
  signal.addEventListener("abort", ring)
  const all = connections.map(async (connection) => {
    try {
      await syncInRounds(store, connection, { ...rounds, include, signal, onRecorded: ring })
    } catch (error) {
      failures.push(error)
      ending.abort()
    }
    going -= 1
    ring()
  })
  return {
    hasEnded: () => {
      if (failures.length > 0) throw failures[0]
      return going === 0
    },
    recorded: () => {
      bell = new AbortController()
      return bell.signal
    },
    end: async () => {
      ending.abort()
      await Promise.all(all)
    },
  }
}

const filters = [
  "workflowId",
  "status",
  "actorId",
  "tag",
  "providerStatus",
  "attributes",
  "planned",
] as const

const matching = (chosen: StoredFollowing["chosen"], query: LogQuery) => {
  const names = new Set(chosen.map(({ name }) => name))
  return ({ execution }: Omit<ExecutionChange, "number">): boolean => {
    // What is due later goes by the time of each change.
    const checked = checkQuery(query, Date.now())
    return (
      names.has(execution.connection ?? execution.provider) &&
      filters.every((filter) => passesFilter(execution, checked, filter))
    )
  }
}

/** How connections are kept up to date. */
interface SyncRounds {
  /** From the end of a round of a connection to its next one. */
  readonly intervalMs: number
  /** What was listed since then has appeared, of a connection that the store does not know yet. */
  readonly since: Date | undefined
  readonly include: ReadonlyArray<Include> | undefined
  readonly details: Details | undefined
  readonly signal: AbortSignal
  readonly onWarning: (label: string, warning: string) => void
  /** Is told of a connection that is asked no more. */
  readonly onFailure: (label: string, error: unknown) => void
  /** Is called when something may have been recorded. */
  readonly onRecorded: () => void
}

/**
 * Keeps what is new of a connection until it is stopped, or the connection fails for good. Rejects
 * where it is the store that fails.
 */
const syncInRounds = async (
  store: Store,
  { client, label }: OpenConnection,
  { intervalMs, since, include, details, signal, onWarning, onFailure, onRecorded }: SyncRounds,
): Promise<void> => {
  const warnings = makeRoundWarnings((warning) => onWarning(label, warning))
  const { warn: onRoundWarning } = warnings
  while (!signal.aborted) {
    warnings.beginRound()
    try {
      const { rejected } = await store.sync(client, {
        newOnly: true,
        since,
        include,
        details,
        signal,
        onWarning: (warning) => onRoundWarning(warningText(warning)),
        onProgress: onRecorded,
      })
      if (rejected > 0) {
        onRoundWarning(`${rejected} items could not be read; they are kept as they are.`)
      }
    } catch (error) {
      if (signal.aborted) return
      if (isStoreError(error) && !isOfConnection(error)) throw error
      if (!mayBeOver(error)) {
        onFailure(label, error)
        return
      }
      onRoundWarning(`${error.message} The next round tries again.`)
    }
    onRecorded()
    await pause(intervalMs, signal)
  }
}

/** Whether it may be over when the next round asks. */
const mayBeOver = (error: unknown): error is AdapterError | StoreError =>
  (AdapterError.is(error) && mayPass(error)) || (isStoreError(error) && error.reason === "Locked")

/** Another writes to the store, or keeps another provider under the same name: others go on. */
const isOfConnection = ({ reason }: StoreError): boolean =>
  reason === "Locked" || reason === "Conflict"
