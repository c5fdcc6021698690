import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Cursor } from "../model/LogPage.js"
import { invalidCursor, isCursorOf, readCursor, writeCursor } from "../walk/CursorText.js"

/** Where a connection goes on: at a cursor, from the beginning (null), or nowhere (`"ended"`). */
export type LanePosition = Cursor | "ended" | null

const Positions = Schema.Array(Schema.Tuple([Schema.String, Schema.NullOr(Schema.String)])).check(
  Schema.isMinLength(1),
)

const decodePositions = Schema.decodeUnknownResult(Schema.fromJsonString(Positions))

/** Writes where each connection goes on, by its label. The cursor of one alone is its own. */
export const encodeLogCursor = (
  labels: ReadonlyArray<string>,
  positions: ReadonlyArray<LanePosition>,
): Cursor => {
  const [own] = positions
  if (labels.length === 1 && typeof own === "string" && own !== "ended") return own
  return writeCursor(
    "log",
    JSON.stringify(labels.map((label, index) => [label, positions[index] ?? null])),
  )
}

/**
 * Reads where each connection goes on, in the order of the labels. Throws `InvalidQuery` where the
 * cursor is of other connections: one that it does not name would begin anew among older executions.
 */
export const decodeLogCursor = (
  labels: ReadonlyArray<string>,
  cursor: Cursor,
): ReadonlyArray<LanePosition> => {
  if (labels.length === 1 && !isCursorOf("log", cursor)) return [cursor]
  const decoded = decodePositions(readCursor("log", cursor))
  if (Result.isFailure(decoded)) throw invalidCursor("is malformed: its content cannot be read")
  const positions = new Map(decoded.success)
  const missing = labels.filter((label) => !positions.has(label))
  const foreign = [...positions.keys()].filter((label) => !labels.includes(label))
  if (missing.length > 0 || foreign.length > 0) {
    throw invalidCursor(
      `is one of ${[...positions.keys()].join(", ")}, and this log reads ${labels.join(", ")}`,
    )
  }
  return labels.map((label) => positions.get(label) ?? null)
}
