import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Cursor } from "../model/LogPage.js"
import { invalidCursor, isCursorOf, readCursor, writeCursor } from "../walk/CursorText.js"

/** Where a connection of a log goes on. */
export interface LanePosition {
  /** Null: at its beginning. */
  readonly cursor: Cursor | null
  /** Whether it was read to its end, so that it does not go on. */
  readonly hasEnded: boolean
}

const Positions = Schema.fromJsonString(
  Schema.Array(Schema.Tuple([Schema.String, Schema.NullOr(Schema.String), Schema.Boolean])),
)
const decodePositions = Schema.decodeUnknownResult(Positions)

/** Writes where each connection goes on, by its label. The cursor of one alone is its own. */
export const encodeLogCursor = (
  labels: ReadonlyArray<string>,
  positions: ReadonlyArray<LanePosition>,
): Cursor => {
  const [own] = positions
  if (positions.length === 1 && own !== undefined && own.cursor !== null) return own.cursor
  const written = positions.map(({ cursor, hasEnded }, index) => [labels[index], cursor, hasEnded])
  return writeCursor("log", JSON.stringify(written))
}

/**
 * Reads where each connection goes on, in the order of the labels. Throws `InvalidQuery` where the
 * cursor is of other connections: one that it does not name would begin anew among older executions.
 */
export const decodeLogCursor = (
  labels: ReadonlyArray<string>,
  cursor: Cursor,
): ReadonlyArray<LanePosition> => {
  if (labels.length === 1 && !isCursorOf("log", cursor)) return [{ cursor, hasEnded: false }]
  const decoded = decodePositions(readCursor("log", cursor))
  if (Result.isFailure(decoded)) {
    throw invalidCursor("malformed", "is malformed: its content cannot be read")
  }
  const positions = new Map(
    decoded.success.map(([label, at, hasEnded]) => [label, { cursor: at, hasEnded }]),
  )
  const found = labels.flatMap((label) => positions.get(label) ?? [])
  if (found.length < labels.length || found.length < positions.size) {
    throw invalidCursor(
      "other_connection",
      `belongs to a log of ${[...positions.keys()].join(", ")}, and this log reads ${labels.join(", ")}`,
    )
  }
  return found
}
