import * as Schema from "effect/Schema"
import { fingerprint } from "../model/Fingerprint.js"
import { rejectedIds, type Row } from "./Row.js"

/**
 * How long the server has returned nothing new. Servers that repeat a page, or that announce more and
 * return nothing, must not keep a walk going for ever.
 */
export const Stall = Schema.Struct({
  /** Pages in a row that gave nothing new. */
  nothingNew: Schema.Natural,
  /** Pages in a row that were empty, or the same as the one before. */
  repeated: Schema.Natural,
  /** The fingerprint of the page before, to recognize it if it comes again. */
  pageBefore: Schema.String,
})

export type Stall = typeof Stall.Type

/** At the beginning of a walk. */
export const noStall: Stall = { nothingNew: 0, repeated: 0, pageBefore: "" }

/** Pages without anything new after which the walk fails. */
export const mostStalledPages = 100

/** Empty pages that end a list if only its total says that more follows. */
const mostEmptyPages = 3

/**
 * Pages without anything new, each shorter than an earlier one, that end a list of unknown length: if
 * rows arrive all the time, its end may never be seen.
 */
const mostIdlePages = 30

/** Counts a page. */
export const countPage = (stall: Stall, rows: ReadonlyArray<Row>, hasNew: boolean): Stall => ({
  nothingNew: hasNew ? 0 : stall.nothingNew + 1,
  repeated: rows.length === 0 || isSameAgain(stall, rows) ? stall.repeated + 1 : 0,
  pageBefore: pageFingerprint(rows),
})

/** Does not count the pages so far: the walk goes back, and expects known rows. */
export const forgiven = (stall: Stall): Stall => ({ ...stall, nothingNew: 0 })

/** Counts anew in another part of the list. */
export const restarted = (stall: Stall): Stall => ({ ...stall, nothingNew: 0, repeated: 0 })

/** Whether the walk fails: the server never gets on. */
export const hasStalled = ({ nothingNew, repeated }: Stall): boolean =>
  nothingNew > mostStalledPages || repeated > mostStalledPages

/** Whether another empty page ends the list. */
export const endsWhenEmpty = ({ repeated }: Stall): boolean => repeated + 1 >= mostEmptyPages

/** Whether a list of unknown length ends after this many pages without anything new. */
export const isIdle = ({ nothingNew }: Stall): boolean => nothingNew >= mostIdlePages

/** Whether the server returns one page again and again. */
export const isCircling = (stall: Stall, rows: ReadonlyArray<Row>): boolean =>
  stall.repeated > 0 && isSameAgain(stall, rows)

const isSameAgain = ({ pageBefore }: Stall, rows: ReadonlyArray<Row>): boolean =>
  pageFingerprint(rows) === pageBefore

const pageFingerprint = (rows: ReadonlyArray<Row>): string => {
  const [first, last] = [rows[0], rows.at(-1)]
  const names = [first, last].map((row) => row && nameOf(row))
  return fingerprint(JSON.stringify([rows.length, ...names]))
}

/** Whether two pages begin with the same rows, as far as both reach. */
export const beginsAs = (rows: ReadonlyArray<Row>, others: ReadonlyArray<Row>): boolean =>
  (rows.length === 0) === (others.length === 0) &&
  rows.every((row, index) => {
    const other = others[index]
    return other === undefined || nameOf(row) === nameOf(other)
  })

const nameOf = (row: Row): string => {
  if (!row.ok) return rejectedIds(row).join()
  // Events of one execution share its id.
  return row.event === null ? row.id : JSON.stringify([row.id, row.at, row.event.isLast])
}
