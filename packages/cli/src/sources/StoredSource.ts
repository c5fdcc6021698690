import type { LogQuery } from "@execlog/core"
import type { Gone, Store } from "@execlog/store"
import { openStoreOf } from "../connections/OpenStore.js"
import type { ConnectionFlags } from "../flags/ConnectionFlags.js"
import type { ListRequest } from "../flags/ReadQuery.js"
import type { GoneFlag, StoredFlags } from "../flags/StoreFlags.js"
import { reportFailure } from "../session/Failure.js"
import type { Session } from "../session/Session.js"
import { UsageError } from "../session/UsageError.js"
import { type ExecutionSource, type Reading, entriesUpTo } from "./ExecutionSource.js"
import type { StatisticSource } from "./StatisticSource.js"

type SourceFlags = ConnectionFlags & StoredFlags & GoneFlag

/** The executions of the store. */
export const storedSource = async (
  flags: SourceFlags,
  { query, details, limit, cursor }: ListRequest,
  session: Session,
): Promise<ExecutionSource> => {
  if (details !== undefined) {
    throw new UsageError(
      "--details cannot be combined with --stored.",
      "Use it with execlog sync, which stores the details.",
    )
  }
  const stored = await openStored(flags, session)
  const entries = stored.store.entries(askedOf(flags, query), {
    connections: stored.connections,
    gone: stored.gone,
    cursor,
    limit: limit ?? undefined,
  })
  const readable = untilFailure(entries, stored, session)
  return { ...stored, entries: entriesUpTo(limit, readable, session) }
}

/** The statistic rows of all matching executions in the store. */
export const storedStatistics = async (
  flags: SourceFlags,
  { query }: ListRequest,
  session: Session,
): Promise<StatisticSource> => {
  const stored = await openStored(flags, session)
  const rows = stored.store.statisticRows(askedOf(flags, query), {
    connections: stored.connections,
    gone: stored.gone,
  })
  return { ...stored, chunks: untilFailure(rows, stored, session) }
}

/** With --gone, includes planned executions: those called off are gone too. */
const askedOf = ({ gone }: SourceFlags, query: LogQuery): LogQuery =>
  gone === true ? { ...query, planned: true } : query

interface Stored extends Pick<ExecutionSource, "isOpen" | "resumedBy"> {
  readonly store: Store
  /** The chosen names; undefined for all. */
  readonly connections: ReadonlyArray<string> | undefined
  readonly gone: Gone
  readonly reading: Reading
}

const openStored = async (flags: SourceFlags, session: Session): Promise<Stored> => {
  const { store, flags: storeFlags } = await openStoreOf(flags, "read", session)
  const connections = await chooseStored(store, flags)
  const chosen = (connections ?? []).flatMap((name) => ["--connection", name])
  const config = flags.config === undefined ? [] : ["--config", flags.config]
  const isGone = flags.gone === true
  const asked = isGone ? ["--stored", "--gone"] : ["--stored"]
  const resumedBy = [...asked, ...config, ...storeFlags, ...chosen]
  const reading: Reading = { rejected: 0, hasFailed: false, outcomes: [] }
  return { store, connections, gone: isGone ? "only" : "exclude", isOpen: true, resumedBy, reading }
}

/** The names of the stored connections that the flags choose; undefined for all. */
export const chooseStored = async (
  store: Store,
  { connection, provider, set }: ConnectionFlags,
): Promise<ReadonlyArray<string> | undefined> => {
  if (set !== undefined && set.length > 0) {
    throw new UsageError("--set cannot be combined with --stored.", "Leave it out.")
  }
  if (connection !== undefined && provider !== undefined) {
    throw new UsageError(
      "--provider and --connection cannot be combined.",
      "Leave one of them out.",
    )
  }
  // Executions synced with --provider are under the provider's id.
  const wanted = provider === undefined ? connection : [provider]
  if (wanted === undefined) return undefined
  const names = (await store.connections()).map(({ name }) => name)
  const unknown = wanted.find((name) => !names.includes(name))
  if (unknown === undefined) return [...new Set(wanted)]
  throw new UsageError(
    `The store has no connection "${unknown}".`,
    names.length === 0
      ? "It is still empty: execlog sync fills it."
      : `Its connections are ${names.join(", ")}.`,
  )
}

/** The values up to a failure of the store, which is reported. */
async function* untilFailure<A>(
  values: AsyncIterable<A>,
  { reading }: Pick<Stored, "reading">,
  { notices }: Session,
): AsyncGenerator<A, void, undefined> {
  try {
    yield* values
  } catch (error) {
    reading.hasFailed = true
    reading.outcomes.push(reportFailure(notices, error, null))
  }
}
