import * as Schema from "effect/Schema"
import type { Fold } from "../adapter/Connection.js"
import { guarded, DecodeFault } from "../model/DecodeFault.js"
import { fingerprint } from "../model/Fingerprint.js"
import type { Found, ReadRow, RejectedRow } from "./Row.js"

/** An execution that was given before all its events were read. */
export const PartlyRead = Schema.Struct({
  /** No event of it is listed before this time; null when unknown. */
  startedAt: Schema.NullOr(Schema.Finite),
  /** The listing time at which it was given. */
  givenAt: Schema.Finite,
})

export type PartlyRead = typeof PartlyRead.Type

/** The most executions that are remembered. */
export const mostRemembered = 20_000

/**
 * Combines events into executions. An execution is given with the first event that suffices, and
 * remembered until its earliest event was read, so that this event does not give it again. As many
 * are remembered as were running at one time, up to a maximum; beyond it, those given first are
 * forgotten.
 */
export const fold = (
  { merge }: Pick<Fold, "merge">,
  before: ReadonlyMap<string, PartlyRead>,
  fresh: ReadonlyArray<ReadRow>,
  stale: ReadonlyArray<ReadRow>,
  options: {
    /** Whether earlier events are listed at all; if not, there is nothing to remember. */
    readonly remembers: boolean
    /** An unfinished execution whose events are all listed at this time waits for the next page. */
    readonly holdAt: number | null
    /** Executions that started after this time have no event left to come. */
    readonly forgetAbove: number | null
  },
): {
  readonly found: ReadonlyArray<Found>
  /** Executions whose events the adapter could not combine. */
  readonly rejected: ReadonlyArray<RejectedRow>
  /** The ids of executions that wait for the next page. */
  readonly deferred: ReadonlyArray<string>
  readonly partlyRead: ReadonlyMap<string, PartlyRead>
  /** Executions were forgotten whose earliest event is still due. */
  readonly hasForgotten: boolean
} => {
  const partlyRead = new Map(before)
  const found: Array<Found> = []
  const rejected: Array<RejectedRow> = []
  const deferred: Array<string> = []

  // Rows read again after a cursor that could not hold all of them.
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
      // Its place in the listing is that of the first event read.
      const { index, at } = first
      const raw = rows.map((row) => row.raw)
      const item = guarded(
        merge,
        rows.map((row) => row.item),
      )
      if (item instanceof DecodeFault)
        rejected.push({ ok: false, index, raw, fault: item, places: [] })
      else found.push({ item, index, at, raw })
    }
    if (!options.remembers) continue
    // If clocks disagree, an end is listed before its start: it must not give the execution again.
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
  return { found, rejected, deferred, partlyRead, hasForgotten }
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
