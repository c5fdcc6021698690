import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Connection, TimeAxis } from "../adapter/Connection.js"
import { fingerprint } from "../model/Fingerprint.js"
import { isCredible } from "../model/Instant.js"
import type { Cursor } from "../model/LogPage.js"
import type { CheckedQuery } from "../model/LogQuery.js"
import { filterNames } from "../model/QueryParts.js"
import { invalidCursor, readCursor, writeCursor } from "./CursorText.js"
import {
  type Learned,
  type WalkState,
  atBeginning,
  nothingLearned,
  startState,
} from "./WalkState.js"

// These keep a cursor below 14 KB, without the name that the provider gave the next page.
const mostIds = 300
const mostPartlyRead = 150
const mostRefused = 100

// No list is as long, and sums of two are exact.
const Count = Schema.Natural.check(Schema.isLessThanOrEqualTo(1e12))

const Envelope = Schema.Struct({
  provider: Schema.String,
  endpoint: Schema.String,
  connection: Schema.String,
  server: Schema.String,
  query: Schema.String,
  walk: Schema.Struct({
    at: Schema.NullOr(Schema.Finite),
    ids: Schema.Array(Schema.String),
    refused: Schema.Array(Schema.String),
    walk: Schema.Literals(["windows", "pages"]),
    bound: Schema.NullOr(Schema.Finite),
    named: Schema.NullOr(Schema.String),
    place: Count,
    read: Count,
    check: Schema.Literals(["none", "tie", "row", "pair"]),
    size: Schema.NullOr(Count),
    most: Schema.NullOr(Count),
    least: Count,
    longest: Count,
    idle: Count,
    content: Schema.String,
    repeats: Count,
    partlyRead: Schema.Array(Schema.Tuple([Schema.String, Schema.NullOr(Schema.Finite)])),
    partlyReadFrom: Schema.Finite,
    rereadFrom: Schema.NullOr(Schema.Finite),
    ignored: Schema.Array(Schema.Literals(filterNames)),
    // Left out where nothing was refused, as it is nearly always.
    learned: Schema.optionalKey(
      Schema.Struct({
        largestPage: Schema.NullOr(Count),
        withoutParts: Schema.Boolean,
        joinKeys: Schema.Array(Schema.Tuple([Schema.String, Count])),
        failingJoins: Schema.Array(Schema.String),
      }),
    ),
  }),
})

const decodeEnvelope = Schema.decodeUnknownResult(Schema.fromJsonString(Envelope))

type Place = Pick<WalkState, "place" | "read" | "check" | "size" | "most" | "least">

/** What a cursor goes with. */
export interface CursorScope {
  readonly provider: string
  readonly endpoint: string
  readonly connection: string
  readonly server: string
  readonly query: string
}

/** A short text for a server and the settings that say what is read there; none of them is a secret. */
export const serverFingerprint = ({ baseUrl, settings, tuning = [] }: Connection): string => {
  // A setting that a later version adds leaves what is kept today where it is.
  const named = Object.entries(settings).filter(
    ([name, value]) => value !== null && !tuning.includes(name),
  )
  return fingerprint(JSON.stringify([baseUrl, named.toSorted(([a], [b]) => (a < b ? -1 : 1))]))
}

/** The same with all settings: a walk goes on only as it began. */
const walkFingerprint = ({ baseUrl, settings }: Connection): string =>
  fingerprint(JSON.stringify([baseUrl, settings]))

/** The scope of a query on a connection; secrets have no part in it. */
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
  // Only what is set: a filter that a later version adds leaves the cursors of today good.
  query: fingerprint(
    JSON.stringify(
      // What is planned changes with the time at which it is asked for: only whether it is asked for counts.
      Object.entries({ ...query, planned: query.planned === null ? true : null }).filter(
        ([, value]) => value !== null,
      ),
    ),
  ),
})

/** Writes a cursor. What does not fit is left out, and read again when the walk goes on. */
export const encodeCursor = (scope: CursorScope, state: WalkState): Cursor => {
  const partlyRead = [...state.partlyRead]
  const fits = partlyRead.length <= mostPartlyRead
  const partlyReadFrom = partlyRead.reduce((from, [, { givenAt }]) => Math.max(from, givenAt), 0)
  const envelope: typeof Envelope.Type = {
    ...scope,
    walk: {
      at: state.key?.at ?? null,
      ids: state.key === null ? [] : [...state.key.ids].slice(-mostIds),
      refused: [...state.refused].slice(-mostRefused),
      walk: state.walk,
      ...placeOf(fits ? state : { ...state, ...atBeginning }),
      // Too many to carry: go back to where the first of them was given, and learn them again.
      bound: fits || state.walk === "pages" ? state.bound : partlyReadFrom,
      named: fits ? state.named : null,
      longest: state.longest,
      idle: state.idle,
      content: state.content,
      repeats: state.repeats,
      partlyRead: fits ? partlyRead.map(([id, { startedAt }]) => [id, startedAt] as const) : [],
      partlyReadFrom,
      rereadFrom: fits ? state.rereadFrom : partlyReadFrom,
      ignored: state.ignored,
      ...(state.learned === nothingLearned ? {} : { learned: written(state.learned) }),
    },
  }
  return writeCursor("connection", JSON.stringify(envelope))
}

const written = ({ joinKeys, ...learned }: Learned) => ({ ...learned, joinKeys: [...joinKeys] })

const placeOf = ({ place, read, check, size, most, least }: Place): Place => ({
  place,
  read,
  check,
  size,
  most,
  least,
})

/** Whether a cursor for this state has to leave something out that it cannot learn again. */
export const exceedsCursor = (state: WalkState): boolean =>
  state.key !== null && state.key.ids.size > mostIds

/** Reads a cursor. Throws `InvalidQuery`, which says what does not fit. */
export const decodeCursor = (
  scope: CursorScope,
  cursor: Cursor,
  { isSequence }: Pick<TimeAxis, "isSequence">,
): WalkState => {
  const decoded = decodeEnvelope(readCursor("connection", cursor))
  if (Result.isFailure(decoded)) throw invalidCursor("is malformed: its content cannot be read")
  const { walk, ...found } = decoded.success
  const { provider, connection, server } = scope
  if (found.provider !== provider) {
    throw invalidCursor(`is one of ${found.provider}, and this connection is of ${provider}`)
  }
  if (found.connection !== connection) throw invalidCursor("is one of a connection of another name")
  if (found.server !== server) {
    throw invalidCursor("is one of another server, or of other settings of the adapter")
  }
  if (found.query !== scope.query || found.endpoint !== scope.endpoint) {
    throw invalidCursor("is one of another query: filters, order, include or pageSize differ")
  }
  // A list that goes by numbers has these in place of instants.
  if (!instantsOf(walk).every(isSequence ? Number.isSafeInteger : isCredible)) {
    throw invalidCursor("is malformed: a number in it is out of range")
  }
  return {
    ...startState(walk.walk, walk.bound),
    key: walk.at === null ? null : { at: walk.at, ids: new Set(walk.ids) },
    refused: new Set(walk.refused),
    named: walk.named,
    ...placeOf(walk),
    longest: walk.longest,
    idle: walk.idle,
    content: walk.content,
    repeats: walk.repeats,
    partlyRead: new Map(
      walk.partlyRead.map(([id, startedAt]) => [id, { startedAt, givenAt: walk.partlyReadFrom }]),
    ),
    rereadFrom: walk.rereadFrom,
    ignored: walk.ignored,
    learned:
      walk.learned === undefined
        ? nothingLearned
        : { ...walk.learned, joinKeys: new Map(walk.learned.joinKeys) },
  }
}

const instantsOf = ({
  at,
  bound,
  partlyRead,
  partlyReadFrom,
  rereadFrom,
}: (typeof Envelope.Type)["walk"]): ReadonlyArray<number> =>
  [at, bound, partlyReadFrom, rereadFrom, ...partlyRead.map(([, startedAt]) => startedAt)].filter(
    (instant) => instant !== null,
  )
