import { createHash } from "node:crypto"
import { type LogQuery, parseSpan } from "@execlog/core"
import { warnOfAbsent } from "./AbsentParts.js"
import { makeChangeCommand } from "./ChangeCommand.js"
import { type ChangeSource, clientChanges } from "./ChangeSource.js"
import { tellChanges } from "./ChangeTelling.js"
import { commandEnvironment } from "./CommandEnvironment.js"
import { chooseConnections, type OpenConnection, openConnections } from "./Connections.js"
import { ExitCode, leastFailure } from "./ExitCode.js"
import { reportFailure } from "./Failure.js"
import { type FollowFlags, followsInStore } from "./FollowFlags.js"
import { warningInFlags } from "./FlagNames.js"
import { readFormat } from "./FormatFlag.js"
import { makeChangeWriter } from "./formats/ChangeFormats.js"
import { type Question, readInstant, readQuestion } from "./QueryReading.js"
import { rejectedNotices } from "./RejectedItems.js"
import type { Session } from "./Session.js"
import { storedChanges } from "./StoredChanges.js"
import { openStoreOf, storeVariables } from "./StoreOpening.js"
import { UsageError } from "./UsageError.js"

/** The time between two polls of a store where nothing is said. */
const defaultIntervalMs = 10_000

/** Tells of changes until it is ended, of several connections side by side. Gives the exit code. */
export const follow = async (flags: FollowFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, interruption, environment } = session
  if (flags.exec?.trim() === "") {
    throw new UsageError("--exec is empty.", "Write a command, or leave it out.")
  }
  const { query, limit, details } = readFollowed(flags)
  const since = readInstant("--since", flags.since, Date.now())
  const intervalMs = readInterval(flags.interval)
  const format = readFormat(flags, output.isTerminal)
  const chosen = await chooseConnections(flags, session)
  const { opened, outcomes } = await openConnections(chosen, session)
  if (opened.length === 0) return leastFailure(outcomes)
  for (const connection of opened) warnOfAbsent(connection, query, notices)

  const termination = session.termination()
  const ending = new AbortController()
  const stop = AbortSignal.any([interruption, termination, ending.signal])
  const onWarning = (label: string, warning: string) =>
    notices.warn(`${label}: ${warningInFlags(warning)}`)
  const onFailure = (label: string | null, error: unknown) => {
    outcomes.push(reportFailure(notices, error, label))
  }
  const kept = followsInStore(flags) ? await openStoreOf(flags, "write", session) : null
  const sources: ReadonlyArray<ChangeSource> =
    kept === null
      ? opened.map(({ client, label }) => ({
          label,
          changes: clientChanges(client, query, {
            intervalMs,
            since,
            details,
            signal: stop,
            onRejected: rejectedNotices(notices, label),
            onWarning: (warning) => onWarning(label, warning),
          }),
        }))
      : [
          {
            label: null,
            changes: storedChanges(kept.store, opened, query, {
              intervalMs: intervalMs ?? defaultIntervalMs,
              follower: followerName(opened, query, flags.exec),
              since,
              details,
              signal: stop,
              onWarning,
              onFailure,
            }),
          },
        ]
  const write = await makeChangeWriter(format, output)
  const call =
    flags.exec === undefined
      ? null
      : makeChangeCommand(
          flags.exec,
          commandEnvironment(environment, opened, await storeVariables(flags, session)),
          notices,
          { waited: termination, cutOff: AbortSignal.any([interruption, session.termination(2)]) },
        )
  notices.progress.show("following")
  try {
    await tellChanges(sources, {
      limit,
      stop,
      end: () => ending.abort(),
      tell: async (change) => {
        await write(change)
        return call === null || (await call(change))
      },
      onFailure: (error, label) => onFailure(label, error),
    })
  } finally {
    await kept?.store.close()
    notices.progress.stop()
  }
  if (interruption.aborted) return ExitCode.interrupted
  return termination.aborted ? ExitCode.done : leastFailure(outcomes)
}

/**
 * The same command goes on where it was, and another one has a place of its own. What it calls may
 * hold a password, and is not kept.
 */
const followerName = (
  opened: ReadonlyArray<OpenConnection>,
  { workflowId, status, actorId, tag, providerStatus, attributes, planned }: LogQuery,
  exec: string | undefined,
): string => {
  const more = { tag, providerStatus, attributes, planned }
  return JSON.stringify([
    opened.map(({ label }) => label),
    workflowId,
    status,
    actorId,
    exec === undefined ? null : createHash("sha256").update(exec).digest("hex"),
    // A follower that was named before there were these keeps its place.
    ...(Object.values(more).some((value) => value !== undefined) ? [more] : []),
  ])
}

const readFollowed = (flags: FollowFlags): Pick<Question, "query" | "limit" | "details"> => {
  const { since: _, limit = "all", ...rest } = flags
  const live = rest.search !== undefined ? "--search" : rest.pageSize && "--page-size"
  if (live && followsInStore(flags)) {
    throw new UsageError(
      `${live} does not go with following through a store, which keeps all executions.`,
      `Leave ${live} out, or follow the providers, without --stored and --store.`,
    )
  }
  return readQuestion({ ...rest, limit }, Date.now())
}

const readInterval = (written: string | undefined): number | undefined => {
  if (written === undefined) return undefined
  const span = parseSpan(written)
  const hint = "Write 10s or 1m, say."
  if (span === null) throw new UsageError(`--interval: "${written}" is no span of time.`, hint)
  if (span >= 1) return span
  throw new UsageError(`--interval: ${written} is too short a pause for the providers.`, hint)
}
