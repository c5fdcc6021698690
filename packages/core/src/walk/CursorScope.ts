import * as Schema from "effect/Schema"
import type { Connection } from "../adapter/Connection.js"
import { fingerprint } from "../model/Fingerprint.js"
import type { CheckedQuery } from "../model/LogQuery.js"

/** What a cursor is valid for, as fields of its content. */
export const scopeFields = {
  provider: Schema.String,
  endpoint: Schema.String,
  connection: Schema.String,
  server: Schema.String,
  query: Schema.String,
}

const CursorScope = Schema.Struct(scopeFields)

/** What a cursor is valid for: names, and fingerprints that contain no secret. */
export type CursorScope = typeof CursorScope.Type

/** The scope of a query on a connection. */
export const cursorScope = (
  connection: Connection,
  name: string | null,
  endpoint: string,
  query: CheckedQuery,
): CursorScope => ({
  provider: connection.provider,
  endpoint,
  connection: fingerprint(JSON.stringify(name)),
  server: walkFingerprint(connection),
  // Only what is set, so that today's cursors outlast filters that a later version adds.
  query: fingerprint(
    JSON.stringify(
      // The time of `planned` is that of the call: only whether it is requested counts.
      Object.entries({ ...query, planned: query.planned === null ? true : null }).filter(
        ([, value]) => value !== null,
      ),
    ),
  ),
})

/** Why a cursor of another scope does not fit this one, as the end of a sentence; null if it fits. */
export const faultOfScope = (scope: CursorScope, other: CursorScope): string | null => {
  if (other.provider !== scope.provider) {
    return `is one of ${other.provider}, and this connection is of ${scope.provider}`
  }
  if (other.connection !== scope.connection) return "is one of a connection of another name"
  if (other.server !== scope.server) {
    return "is one of another server, or of other settings of the adapter"
  }
  if (other.query !== scope.query || other.endpoint !== scope.endpoint) {
    return "is one of another query: filters, order, include or pageSize differ"
  }
  return null
}

/**
 * A fingerprint of a server and of the settings that determine what is read there; none of them is a
 * secret.
 */
export const serverFingerprint = ({ baseUrl, settings, tuning = [] }: Connection): string => {
  // A setting that a later version adds, and that is not set, changes nothing.
  const named = Object.entries(settings).filter(
    ([name, value]) => value !== null && !tuning.includes(name),
  )
  return fingerprint(JSON.stringify([baseUrl, named.toSorted(([a], [b]) => (a < b ? -1 : 1))]))
}

/** The same with all settings: a walk resumes only with those it began with. */
const walkFingerprint = ({ baseUrl, settings }: Connection): string =>
  fingerprint(JSON.stringify([baseUrl, settings]))
