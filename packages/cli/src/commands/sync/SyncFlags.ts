import type { Details, Include } from "@execlog/core"
import type { ConnectionFlags } from "../../flags/ConnectionFlags.js"
import type { DetailsFlag } from "../../flags/DetailsFlag.js"
import type { FormatFlag } from "../../flags/FormatFlag.js"
import { readDetails, readInclude, readInstant, readPageSize } from "../../flags/ReadQuery.js"
import { readSpan } from "../../flags/SpanFlag.js"
import type { StoreFlags } from "../../flags/StoreFlags.js"

/** The flags of `sync`. */
export interface SyncFlags extends ConnectionFlags, StoreFlags, FormatFlag, DetailsFlag {
  readonly since?: string
  readonly full?: boolean
  readonly include?: string
  readonly pageSize?: string
  readonly watch?: string | true
  readonly lookBack?: string
  readonly staleAfter?: string
  readonly recheckFailed?: string
  readonly strict?: boolean
}

/** The options of a sync. Spans are in milliseconds. */
export interface SyncRequest {
  readonly since: Date | undefined
  readonly full: boolean
  readonly include: ReadonlyArray<Include> | undefined
  readonly pageSize: number | undefined
  readonly lookBackMs: number | undefined
  readonly staleAfterMs: number | undefined
  readonly recheckFailedForMs: number | undefined
  readonly details: Details | undefined
  /** The pause between two rounds; null for a single round. */
  readonly watchMs: number | null
}

const defaultWatchMs = 30_000

/** Reads the flags. A flag that is not valid is a UsageError that names it. */
export const readSyncFlags = (flags: SyncFlags, now: number): SyncRequest => ({
  since: readInstant("--since", flags.since, now),
  full: flags.full === true,
  include: readInclude(flags.include),
  pageSize: readPageSize(flags.pageSize),
  lookBackMs: readSpan("--look-back", flags.lookBack, { example: "10m" }),
  staleAfterMs: readSpan("--stale-after", flags.staleAfter, { example: "7d" }),
  recheckFailedForMs: recheckSpan(flags.recheckFailed),
  details: readDetails(flags),
  watchMs:
    flags.watch === true ? defaultWatchMs : (readSpan("--watch", flags.watch, watchLimits) ?? null),
})

/** Reads a span; 0 needs no unit. */
const recheckSpan = (written: string | undefined): number | undefined =>
  written === "0" ? 0 : readSpan("--recheck-failed", written, { example: "7d" })

const watchLimits = {
  example: "30s",
  shortest: 1000,
  waits: "a pause between two rounds",
}
