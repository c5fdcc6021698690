import * as Effect from "effect/Effect"
import type { AdapterError } from "../model/AdapterError.js"
import type { Rejected } from "../model/LogPage.js"
import type { Warning } from "../model/Warning.js"
import { type Report, listenersOr } from "../reading/Reporting.js"
import type { ExecutionsService } from "./Executions.js"
import type { ConnectionName, LogListeners, MergedPage } from "./LogFace.js"

/** The listeners of one connection of a log. */
export const listenersFor = (
  { provider, name: connection }: Pick<ExecutionsService, "provider" | "name">,
  { onRejected, onWarning }: LogListeners,
): Report => {
  const otherwise = listenersOr({ onRejected })
  return {
    onRejected: otherwise.onRejected,
    onWarning: (warning) => {
      if (onWarning !== undefined) return onWarning(warning, { provider, connection })
      // On stderr, only the text can say which connection it is about.
      otherwise.onWarning({ ...warning, text: `${connection ?? provider}: ${warning.text}` })
    },
  }
}

/** Ends one connection of a log by its failure, if somebody is told of it, else the whole log. */
export const endingBy =
  (onFailure: LogListeners["onFailure"]) =>
  (error: AdapterError): Effect.Effect<void, AdapterError> =>
    onFailure === undefined ? Effect.fail(error) : Effect.sync(() => onFailure(error))

/** Collects what is reported between two pages. */
export const collectReports = () => {
  let rejected: Array<Rejected> = []
  let warnings: Array<Warning & ConnectionName> = []
  let failures: Array<AdapterError> = []
  const failed: Array<AdapterError> = []
  return {
    listeners: {
      onRejected: (one: Rejected) => void rejected.push(one),
      onWarning: (warning: Warning, about: ConnectionName) =>
        void warnings.push({ ...warning, ...about }),
      onFailure: (error: AdapterError) => {
        failures.push(error)
        failed.push(error)
      },
    },
    /** All failures so far. */
    failed,
    take: (): Pick<MergedPage, "rejected" | "warnings" | "failures"> => {
      const taken = { rejected, warnings, failures }
      rejected = []
      warnings = []
      failures = []
      return taken
    },
  }
}
