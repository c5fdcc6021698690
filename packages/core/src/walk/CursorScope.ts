import * as Schema from "effect/Schema"
import type { Connection } from "../adapter/Connection.js"
import { fingerprint } from "../model/Fingerprint.js"
import type { CheckedQuery } from "../model/LogQuery.js"
import { invalidCursor } from "./CursorText.js"

/** The scope of a cursor, as fields of its content. */
export const scopeFields = {
  provider: Schema.String,
  endpoint: Schema.String,
  connection: Schema.String,
  server: Schema.String,
  query: Schema.String,
}

const CursorScope = Schema.Struct(scopeFields)

/** The scope of a cursor: names, and fingerprints that contain no secret. */
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

/** Rejects a cursor of another scope. Throws `InvalidQuery`. */
export const checkScope = (scope: CursorScope, other: CursorScope): void => {
  if (other.provider !== scope.provider) {
    throw invalidCursor(
      "other_provider",
      `belongs to ${other.provider}, and this connection to ${scope.provider}`,
    )
  }
  if (other.connection !== scope.connection) {
    throw invalidCursor("other_connection", "belongs to a connection of another name")
  }
  if (other.server !== scope.server) {
    throw invalidCursor(
      "other_server",
      "belongs to another server, or to other settings of the adapter",
    )
  }
  if (other.query !== scope.query || other.endpoint !== scope.endpoint) {
    throw invalidCursor(
      "other_query",
      "belongs to a different query (filters, order, include or pageSize changed)",
    )
  }
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
