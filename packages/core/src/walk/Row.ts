import type { Fold, ListEndpoint } from "../adapter/Connection.js"
import { faultOfId, guarded, decodeFaultOf, DecodeFault } from "../model/DecodeFault.js"
import { fingerprint } from "../model/Fingerprint.js"
import { isListingTime, tickOf } from "../model/Instant.js"
import type { Json } from "../model/Json.js"
import type { ListPlace } from "../model/LogPage.js"
import type { Order } from "../model/LogQuery.js"
import { isTooDeep, rejectDeep, withoutDeepParts } from "../model/Nesting.js"

/** One row of a page: read, or rejected with a reason. */
export type Row =
  | {
      readonly ok: true
      /** Its place on the page, from 0. */
      readonly index: number
      /** A duplicate of an earlier row; skipped. */
      readonly isDuplicate: boolean
      readonly raw: unknown
      readonly item: unknown
      readonly id: string
      readonly at: number
      /** When the item was created, if the list is ordered by numbers and the item says; else null. */
      readonly createdAt: number | null
      /** Its place among the events of its execution; null if the list does not contain events. */
      readonly event: EventPlace | null
    }
  | {
      readonly ok: false
      readonly index: number
      readonly raw: unknown
      readonly fault: DecodeFault
      /** Where it stands if nothing of it was received, to recognize it by; otherwise empty. */
      readonly places: ReadonlyArray<ListPlace>
    }

/** The place of an event among those of its execution. */
interface EventPlace {
  /** No event of the execution is earlier. */
  readonly isFirst: boolean
  /** No event of the execution can come later. */
  readonly isLast: boolean
  /** No event of it is listed before this time; null when unknown. */
  readonly startedAt: number | null
}

/** A row that was read. */
export type ReadRow = Extract<Row, { readonly ok: true }>
/** A row that was rejected. */
export type RejectedRow = Extract<Row, { readonly ok: false }>

/** An execution to give: one row, or several rows that are events, combined. */
export interface Found {
  readonly item: unknown
  /** The place on the page of its first row, from 0. */
  readonly index: number
  /** When it was listed, in milliseconds. */
  readonly at: number
  /** The data from the provider: the item, or a list of events. */
  readonly raw: unknown
}

/**
 * Reads the rows of a page. Duplicates are left out, or marked if they have places of their own in the
 * list.
 */
export const readRows = (
  endpoint: ListEndpoint,
  items: ReadonlyArray<unknown>,
  duplicatesHavePlaces: boolean,
): Array<Row> => {
  const rows: Array<Row> = []
  const { isDuplicate, add } = makeDuplicates(endpoint)
  // Rows are only looked up once one lies among the times of the rows before it: in a list that comes
  // in order, hardly any does.
  let earliest = Number.POSITIVE_INFINITY
  let latest = Number.NEGATIVE_INFINITY
  let looksUp = false
  let index = 0
  for (const raw of items) {
    const row = readRow(endpoint, raw, index++)
    if (row.ok) {
      if (!looksUp && row.at >= earliest && row.at <= latest) {
        looksUp = true
        for (const other of rows) if (other.ok) add(other)
      }
      if (looksUp && isDuplicate(row)) {
        if (duplicatesHavePlaces) rows.push({ ...row, isDuplicate: true })
        continue
      }
      if (looksUp) add(row)
      earliest = Math.min(earliest, row.at)
      latest = Math.max(latest, row.at)
    }
    rows.push(row)
  }
  return rows
}

/** Recognizes duplicates. Events of one execution share its id, so events are compared as a whole. */
const makeDuplicates = ({ fold }: ListEndpoint) => {
  // The texts of events are only needed from the second event of an execution on.
  const seen = new Map<string, { readonly first: ReadRow; texts: Set<string> | null }>()
  const nameOf = ({ at, id }: ReadRow) => `${at} ${id}`
  const textsOf = (row: ReadRow): Set<string> | null => {
    const others = seen.get(nameOf(row))
    if (others === undefined) return null
    others.texts ??= new Set([writtenOut(others.first.raw)])
    return others.texts
  }
  return {
    isDuplicate: (row: ReadRow): boolean =>
      fold === null ? seen.has(nameOf(row)) : textsOf(row)?.has(writtenOut(row.raw)) === true,
    add: (row: ReadRow): void => {
      if (fold !== null) textsOf(row)?.add(writtenOut(row.raw))
      if (!seen.has(nameOf(row))) seen.set(nameOf(row), { first: row, texts: null })
    },
  }
}

/** Reads one row. */
export const readRow = (
  { item: read, time, fold }: ListEndpoint,
  raw: unknown,
  index: number,
): Row => {
  if (raw instanceof BrokenItem) {
    const { places, fault } = raw
    return { ok: false, index, raw: null, fault, places }
  }
  const rejected = (fault: DecodeFault, kept = raw): RejectedRow => ({
    ok: false,
    index,
    raw: kept,
    fault,
    places: [],
  })
  // It came from JSON.parse, so it is JSON.
  const json = raw as Json
  if (isTooDeep(json)) return rejected(rejectDeep(), withoutDeepParts(json))
  const decoded = guarded(read, raw)
  if (decoded instanceof DecodeFault || !decoded.ok) return rejected(decodeFaultOf(decoded))
  const { item, id, at, createdAt = null } = decoded
  const fault = faultOfId(id)
  if (fault !== null) return rejected(new DecodeFault(fault))
  if (time.isSequence && !Number.isSafeInteger(at)) {
    const reason = `its listing number is not a whole number: ${at}`
    return rejected(new DecodeFault(reason, { quotes: true }))
  }
  if (!time.isSequence && !isListingTime(at)) {
    // It would lead the walk past all other rows.
    const reason = `its listing time is outside the years 1970 to 2199: ${at} ms`
    return rejected(new DecodeFault(reason, { quotes: true }))
  }
  const event = fold === null ? null : guarded(eventPlace(fold), item)
  if (event instanceof DecodeFault) return rejected(event)
  return {
    ok: true,
    index,
    isDuplicate: false,
    raw,
    item,
    id,
    at: tickOf(at, time.tick),
    createdAt,
    event,
  }
}

const eventPlace =
  ({ isFirst, isLast, startedAt }: Fold) =>
  (item: unknown): EventPlace => ({
    isFirst: isFirst(item),
    isLast: isLast(item),
    startedAt: startedAt(item),
  })

/** Stands for an item that the server fails on: nothing but its place is known. */
export class BrokenItem {
  readonly places: ReadonlyArray<ListPlace>
  readonly fault: DecodeFault
  constructor(places: readonly [ListPlace, ...ReadonlyArray<ListPlace>], failure: string) {
    this.places = places
    this.fault = new DecodeFault(
      `the server fails on the item ${placeText(places[0])}: ${failure}`,
      {
        cause: "server",
      },
    )
  }
}

const placeText = (place: ListPlace): string => {
  if ("after" in place) {
    const { after, distance } = place
    return distance === 1 ? `behind ${after}` : `${distance} behind ${after}`
  }
  const { number, bound } = place
  return bound === null ? `at place ${number}` : `at place ${number} before ${bound}`
}

/** Whether a listing time comes strictly after another one in the order of the list. */
export const isBeyond = (order: Order, instant: number, other: number): boolean =>
  order === "newest" ? instant < other : instant > other

/** A row as text. None is nested too deep for it: see `Nesting.ts`. */
const writtenOut = (raw: unknown): string => JSON.stringify(raw) ?? ""

/** The id of an item that could not be read, under a usual name; null if it has none. */
export const rawId = (raw: unknown): string | null => {
  if (typeof raw !== "object" || raw === null) return null
  const id = "id" in raw ? raw.id : "_id" in raw ? raw._id : null
  if (typeof id !== "string" && typeof id !== "number") return null
  return faultOfId(String(id)) === null ? String(id) : null
}

/** A fingerprint of a row that could not be read, by its content. */
export const rejectedId = ({ raw }: Pick<RejectedRow, "raw">): string =>
  fingerprint(writtenOut(raw))

/** The fingerprints of a row that could not be read: of its content, or of each of its places. */
export const rejectedIds = (row: Pick<RejectedRow, "raw" | "places">): ReadonlyArray<string> =>
  row.places.length === 0 ? [rejectedId(row)] : row.places.map(placeId)

const placeId = (place: ListPlace): string =>
  fingerprint(
    JSON.stringify("after" in place ? [place.after, place.distance] : [place.number, place.bound]),
  )

/** The listing time that comes last in the order of the list; null if no row could be read. */
export const lastListed = (order: Order, rows: ReadonlyArray<Row>): number | null =>
  rows.reduce<number | null>(
    (last, row) => (row.ok && (last === null || isBeyond(order, row.at, last)) ? row.at : last),
    null,
  )

/** Whether rows are out of the order of their listing times. */
export const isDisordered = (order: Order, rows: ReadonlyArray<Row>): boolean => {
  let last: number | null = null
  for (const row of rows) {
    if (!row.ok) continue
    if (last !== null && isBeyond(order, last, row.at)) return true
    last = row.at
  }
  return false
}
