import type { Fold } from "../adapter/Connection.js"
import { fingerprint } from "../model/Fingerprint.js"
import type { Found, ReadRow, RefusedRow } from "./Row.js"
import { guarded, Unreadable } from "../model/Guarded.js"
import type { PartlyRead } from "./WalkState.js"

/** So many executions are remembered at most. */
export const mostRemembered = 20_000

/**
 * Makes one execution of several events. It is given with the first event that suffices, and
 * remembered until its earliest event was read, so that this one does not give it again. What is
 * remembered is bounded by how many executions were under way at one time, and by a number: where
 * that is exceeded, those that were given first are forgotten.
 */
export const fold = (
  { merge }: Pick<Fold, "merge">,
  before: ReadonlyMap<string, PartlyRead>,
  fresh: ReadonlyArray<ReadRow>,
  stale: ReadonlyArray<ReadRow>,
  options: {
    /** Whether earlier events are listed at all; else there is nothing to remember. */
    readonly remembers: boolean
    /** An event listed at this instant that may have a later one beside it is left for the next page. */
    readonly holdAt: number | null
    /** Executions that started after this instant have no event left to come. */
    readonly forgetAbove: number | null
  },
): {
  readonly found: ReadonlyArray<Found>
  /** Executions whose events the adapter could not put together. */
  readonly refused: ReadonlyArray<RefusedRow>
  /** The ids that were left for the next page. */
  readonly deferred: ReadonlyArray<string>
  readonly partlyRead: ReadonlyMap<string, PartlyRead>
  /** Executions were forgotten whose earliest event is still due. */
  readonly hasForgotten: boolean
} => {
  const partlyRead = new Map(before)
  const found: Array<Found> = []
  const refused: Array<RefusedRow> = []
  const deferred: Array<string> = []

  // Read again, after a cursor that could not carry all of them: learn them anew.
  if (options.remembers) for (const [, rows] of groupById(stale)) remember(partlyRead, rows)

  for (const [id, rows] of groupById(fresh)) {
    const wasGiven = partlyRead.has(fingerprint(id))
    const isOpen = !rows.some(({ event }) => event?.isLast === true)
    if (!wasGiven && isOpen && rows.every(({ at }) => at === options.holdAt)) {
      deferred.push(id)
      continue
    }
    const [first] = rows
    if (!wasGiven && first !== undefined) {
      // It is listed where the first of its events was read.
      const { index, at } = first
      const raw = rows.map((row) => row.raw)
      const item = guarded(
        merge,
        rows.map((row) => row.item),
      )
      if (item instanceof Unreadable) refused.push({ ok: false, index, raw, reason: item.reason })
      else found.push({ item, index, at, raw })
    }
    if (!options.remembers) continue
    // Clocks that disagree list an end before its start: it must not give the execution again.
    if (isOpen && !wasGiven && first !== undefined) {
      partlyRead.set(fingerprint(id), { startedAt: first.at, givenAt: first.at })
    } else remember(partlyRead, rows)
  }

  if (options.forgetAbove !== null) {
    for (const [id, { startedAt }] of partlyRead) {
      if (startedAt !== null && startedAt > options.forgetAbove) partlyRead.delete(id)
    }
  }
  const hasForgotten = partlyRead.size > mostRemembered
  for (const id of partlyRead.keys()) {
    if (partlyRead.size <= mostRemembered) break
    partlyRead.delete(id)
  }
  return { found, refused, deferred, partlyRead, hasForgotten }
}

const remember = (partlyRead: Map<string, PartlyRead>, rows: ReadonlyArray<ReadRow>): void => {
  const [first] = rows
  if (first === undefined) return
  const id = fingerprint(first.id)
  if (rows.some(({ event }) => event?.isFirst === true)) partlyRead.delete(id)
  else if (!partlyRead.has(id)) {
    partlyRead.set(id, { startedAt: first.event?.startedAt ?? null, givenAt: first.at })
  }
}

const groupById = (rows: ReadonlyArray<ReadRow>): Map<string, Array<ReadRow>> => {
  const groups = new Map<string, Array<ReadRow>>()
  for (const row of rows) {
    const group = groups.get(row.id)
    if (group === undefined) groups.set(row.id, [row])
    else group.push(row)
  }
  return groups
}
