import { AdapterError, type Details, type Include, mayPass } from "@execlog/core"
import type { Store, StoreError } from "@execlog/store"
import type { OpenConnection } from "../../connections/Connections.js"
import { isStoreError } from "../../session/Failure.js"
import { pause } from "../../session/Pause.js"
import { makeRoundWarnings } from "../../session/RoundWarnings.js"

/** How connections are kept up to date. */
export interface SyncRounds {
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
export const syncInRounds = async (
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
        onWarning: onRoundWarning,
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
