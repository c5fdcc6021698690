import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isCredible } from "../model/Instant.js"
import type { Cursor } from "../model/LogPage.js"
import { checkScope, type CursorScope, scopeFields } from "./CursorScope.js"
import { invalidCursor, readCursor, writeCursor } from "./CursorText.js"
import { backAtTop, Paging, startPaging } from "./Paging.js"
import type { Plan } from "./Plan.js"
import { Position } from "./Position.js"
import { ServerQuirks, noQuirks } from "./ServerQuirks.js"
import { Stall } from "./Stall.js"
import type { WalkState } from "./WalkState.js"
import { windowOf } from "./Window.js"

// These limits keep a cursor below 14 KB, without the provider's name of the next page.
const mostIds = 300
const mostPartlyRead = 150
const mostRejected = 100

/** The state of a walk, as a cursor stores it. */
const Written = Schema.Struct({
  position: Schema.Struct({
    ...Position.fields,
    /**
     * The start of each execution. One shared `givenAt` replaces the time of each, to save space.
     */
    partlyRead: Schema.ReadonlyMap(Schema.String, Schema.NullOr(Schema.Finite)),
    givenAt: Schema.Finite,
  }),
  paging: Paging,
  stall: Stall,
  /** Absent if nothing was learned, as is usual. */
  learned: Schema.optionalKey(ServerQuirks),
})
type Written = typeof Written.Type

const Content = Schema.fromJsonString(
  Schema.toCodecJson(Schema.Struct({ ...scopeFields, walk: Written })),
)
const encodeContent = Schema.encodeSync(Content)
const decodeContent = Schema.decodeUnknownResult(Content)

/** Writes a cursor. Data beyond its limits is omitted, and read again when the walk resumes. */
export const encodeCursor = (scope: CursorScope, state: WalkState): Cursor =>
  writeCursor("connection", encodeContent({ ...scope, walk: written(state) }))

const written = ({ position, paging, stall, learned }: WalkState): Written => {
  const { key, rejected, partlyRead, rereadFrom } = position
  const givenAt = [...partlyRead.values()].reduce((from, one) => Math.max(from, one.givenAt), 0)
  const fits = partlyRead.size <= mostPartlyRead
  return {
    position: {
      key: key && { ...key, ids: lastOf(key.ids, mostIds) },
      rejected: lastOf(rejected, mostRejected),
      partlyRead: new Map(
        fits ? [...partlyRead].map(([id, { startedAt }]) => [id, startedAt]) : [],
      ),
      givenAt,
      rereadFrom: fits ? rereadFrom : givenAt,
    },
    paging: fits ? paging : pagingFrom(paging, givenAt),
    stall,
    ...(learned === noQuirks ? {} : { learned }),
  }
}

/** Rewinds to the first execution omitted from the cursor. */
const pagingFrom = (paging: Paging, givenAt: number): Paging =>
  backAtTop(paging, windowOf(paging) === null ? null : { edge: givenAt })

const lastOf = <A>(set: ReadonlySet<A>, count: number): ReadonlySet<A> =>
  new Set([...set].slice(-count))

/** Whether a cursor must omit executions that a resumed walk cannot recognize. */
export const exceedsCursor = ({ position: { key } }: WalkState): boolean =>
  key !== null && key.ids.size > mostIds

/** Reads a cursor for a walk of a plan. Throws `InvalidQuery`, which says what does not match. */
export const decodeCursor = (scope: CursorScope, cursor: Cursor, plan: Plan): WalkState => {
  const decoded = decodeContent(readCursor("connection", cursor))
  if (Result.isFailure(decoded)) {
    throw invalidCursor("malformed", "is malformed: its content cannot be read")
  }
  const { walk, ...found } = decoded.success
  checkScope(scope, found)
  // A list ordered by numbers has numbers instead of times.
  const isValid = plan.endpoint.time.isSequence ? Number.isSafeInteger : isCredible
  if (!timesOf(walk).every(isValid)) {
    throw invalidCursor("malformed", "is malformed: a number in it is out of range")
  }
  return read(walk, plan)
}

const timesOf = ({ position, paging }: Written): ReadonlyArray<number> => {
  const { key, givenAt, rereadFrom, partlyRead } = position
  const edge = windowOf(paging)?.edge ?? null
  return [key?.at ?? null, givenAt, rereadFrom, ...partlyRead.values(), edge].filter(
    (time) => time !== null,
  )
}

const read = ({ position, paging, stall, learned = noQuirks }: Written, plan: Plan) => {
  const { givenAt, partlyRead, ...rest } = position
  const start = startPaging(plan)
  return {
    position: {
      ...rest,
      partlyRead: new Map([...partlyRead].map(([id, startedAt]) => [id, { startedAt, givenAt }])),
    },
    // A newer version of the adapter may use other pagination: drop the old position in the list.
    paging: paging.by === start.by ? paging : start,
    stall,
    learned,
  } satisfies WalkState
}
