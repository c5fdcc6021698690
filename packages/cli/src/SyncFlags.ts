import { type Details, type Include, parseSpan } from "@execlog/core"
import type { ConnectionFlags } from "./ConnectionFlags.js"
import type { DetailsFlag } from "./DetailsFlag.js"
import type { FormatFlag } from "./FormatFlag.js"
import { readDetails, readInclude, readInstant, readPageSize } from "./QueryReading.js"
import type { StoreFlags } from "./StoreFlags.js"
import { UsageError } from "./UsageError.js"

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

/** What is asked of a sync. Spans are milliseconds. */
export interface SyncRequest {
  readonly since: Date | undefined
  readonly full: boolean
  readonly include: ReadonlyArray<Include> | undefined
  readonly pageSize: number | undefined
  readonly lookBackMs: number | undefined
  readonly staleAfterMs: number | undefined
  readonly recheckFailedForMs: number | undefined
  readonly details: Details | undefined
  /** How long to wait between two rounds; null: there is one. */
  readonly watchMs: number | null
}

const defaultWatchMs = 30_000
const shortestWatchMs = 1_000

/** Reads the flags. What is wrong with one is a UsageError that names it. */
export const readSyncFlags = (flags: SyncFlags, now: number): SyncRequest => ({
  since: readInstant("--since", flags.since, now),
  full: flags.full === true,
  include: readInclude(flags.include),
  pageSize: readPageSize(flags.pageSize),
  lookBackMs: spanOf("--look-back", flags.lookBack, "10m"),
  staleAfterMs: spanOf("--stale-after", flags.staleAfter, "7d"),
  recheckFailedForMs: recheckSpan(flags.recheckFailed),
  details: readDetails(flags),
  watchMs:
    flags.watch === undefined
      ? null
      : flags.watch === true
        ? defaultWatchMs
        : watchSpan(flags.watch),
})

/** A span is written with its unit, but nothing at all needs none. */
const recheckSpan = (written: string | undefined): number | undefined =>
  written === "0" ? 0 : spanOf("--recheck-failed", written, "7d")

const watchSpan = (written: string): number => {
  const span = spanOf("--watch", written, "30s") ?? defaultWatchMs
  if (span >= shortestWatchMs) return span
  throw new UsageError(
    `--watch: ${written} is too short a pause for the providers.`,
    "Write 1s or more.",
  )
}

const spanOf = (flag: string, written: string | undefined, example: string): number | undefined => {
  if (written === undefined) return undefined
  const span = parseSpan(written)
  if (span !== null) return span
  throw new UsageError(
    `${flag}: "${written}" is no span of time.`,
    `Write ${flag} ${example}, say.`,
  )
}
