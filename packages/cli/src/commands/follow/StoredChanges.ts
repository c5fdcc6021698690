import { AdapterError, type Details, type Include, type LogQuery } from "@execlog/core"
import { checkQuery, filterNames, passesFilter } from "@execlog/core/unstable"
import type { ExecutionChange, Store, StoreError } from "@execlog/store"
import type { ChosenConnection, OpenConnection } from "../../connections/Connections.js"
import { isStoreError } from "../../session/Failure.js"
import { warningText } from "../../session/FlagNames.js"
import { pause } from "../../session/Interruption.js"
import { makeRoundWarnings } from "../../session/RoundNotices.js"
import type { DeliveryRecord, ReportableChange } from "./ChangeQueue.js"

/** How to follow changes through a store. */
export interface StoredFollowing extends Omit<SyncRounds, "include" | "onRecorded"> {
  /** The name under which the store keeps this follower's position. */
  readonly follower: string
  /** The connections whose changes are reported, including those that cannot be opened now. */
  readonly chosen: ReadonlyArray<Pick<ChosenConnection, "name">>
}

const inBatch = 100

/**
 * Syncs connections into a store and yields the changes that it records, including those that
 * were recorded while nobody followed, or by another program. Each is reported at least once: the
 * position is stored after a change was reported.
 */
export async function* storedChanges(
  store: Store,
  connections: ReadonlyArray<OpenConnection>,
  query: LogQuery,
  { follower, chosen, ...rounds }: StoredFollowing,
): AsyncGenerator<ReportableChange, void, undefined> {
  const { signal, since, intervalMs } = rounds
  const isWanted = matching(chosen, query)
  // Numbers of changes: reported up to `reported`, yielded up to `given`, read up to `read`.
  let reported = await store.followerPosition(follower, since)
  let given = reported
  let read = reported
  const storePosition = async (number: number): Promise<void> => {
    await store.setFollowerPosition(follower, number)
    reported = number
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
        yield { change, delivery, ack: () => storePosition(number) }
      }
      // Changes that were filtered out need not be read again after a restart.
      if (given <= reported && read > reported) await storePosition(read)
      if (changes.length > 0) continue
      if (isLast) return
      await pause(intervalMs, recorded)
    }
  } finally {
    await syncing.end()
  }
}

/** The store's record of a command's calls for one change. */
const deliveryOf = (store: Store, follower: string, number: number): DeliveryRecord => ({
  isKept: true,
  tries: () => store.deliveryTries(follower, number),
  failed: (failed) => store.setDelivery(follower, number, failed),
  delivered: () => store.setDelivery(follower, number, null),
})

interface Syncing {
  /** Whether no connection syncs any more. Throws the store's failure. */
  readonly hasEnded: () => boolean
  /** A signal that aborts when something may have been recorded from now on, or when following ends. */
  readonly recorded: () => AbortSignal
  /** Stops after the current pages. */
  readonly end: () => Promise<void>
}

/** Syncs connections in parallel, so that none waits for another. */
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

/** All but `since`, which says from when on, and `search`, which only a provider can answer. */
const filters = filterNames.filter((name) => name !== "since" && name !== "search")

const matching = (chosen: StoredFollowing["chosen"], query: LogQuery) => {
  const names = new Set(chosen.map(({ name }) => name))
  return ({ execution }: Omit<ExecutionChange, "number">): boolean => {
    // Whether an execution is planned depends on the current time.
    const checked = checkQuery(query, Date.now())
    return (
      names.has(execution.connection ?? execution.provider) &&
      filters.every((filter) => passesFilter(execution, checked, filter))
    )
  }
}

/** How to sync connections in rounds. */
interface SyncRounds {
  /** The pause between two rounds of a connection. */
  readonly intervalMs: number
  /** For a connection new to the store: executions listed since then are reported. */
  readonly since: Date | undefined
  readonly include: ReadonlyArray<Include> | undefined
  readonly details: Details | undefined
  readonly signal: AbortSignal
  readonly onWarning: (label: string, warning: string) => void
  /** Called when a connection has failed permanently. */
  readonly onFailure: (label: string, error: unknown) => void
  /** Called when something may have been recorded. */
  readonly onRecorded: () => void
}

/**
 * Syncs what is new of a connection until it is stopped, or the connection fails permanently. Rejects
 * if the store fails.
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
        onRoundWarning(`${rejected} items could not be read; they are stored as received.`)
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

/** Whether the next round may succeed. */
const mayBeOver = (error: unknown): error is AdapterError | StoreError =>
  (AdapterError.is(error) && error.retryable) || (isStoreError(error) && error.reason === "Locked")

/** Whether the error concerns only this connection: another writer, or a name that is taken. */
const isOfConnection = ({ reason }: StoreError): boolean =>
  reason === "Locked" || reason === "Conflict"
