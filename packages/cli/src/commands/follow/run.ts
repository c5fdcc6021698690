import { readConfig } from "../../connections/Config.js"
import {
  type OpenConnection,
  chooseConnections,
  openConnections,
} from "../../connections/Connections.js"
import { openStoreOf } from "../../connections/OpenStore.js"
import { guardsFormulas, readFormat } from "../../flags/FormatFlag.js"
import { type ListRequest, readInstant, readListRequest } from "../../flags/ReadQuery.js"
import { readSpan } from "../../flags/SpanFlag.js"
import { ExitCode, leastFailure } from "../../session/ExitCode.js"
import { reportFailure } from "../../session/Failure.js"
import { warningText } from "../../session/FlagNames.js"
import { pause } from "../../session/Interruption.js"
import type { Session } from "../../session/Session.js"
import { UsageError } from "../../session/UsageError.js"
import { rejectedNotices } from "../../sources/ExecutionSource.js"
import { planOf, warnOfMissingParts } from "../../sources/LiveSource.js"
import { makeChangeDelivery } from "./ChangeDelivery.js"
import { makeChangeWriter } from "./ChangeFormats.js"
import { type ChangeSource, clientChanges, reportChanges } from "./ChangeQueue.js"
import { commandEnvironment } from "./CommandEnvironment.js"
import { type ChangeCommand, makeChangeCommand } from "./ExecCommand.js"
import { type ExecSettings, readExec } from "./ExecFlags.js"
import { followerName } from "./FollowerName.js"
import { type FollowFlags, followsInStore } from "./FollowFlags.js"
import { storedChanges } from "./StoredChanges.js"
import { listUndelivered } from "./Undelivered.js"

/** The default of --interval with a store. */
const defaultIntervalMs = 10_000
const intervalLimits = { example: "10s", shortest: 1, waits: "a pause between two polls" }

/** Reports changes of several connections in parallel until it is stopped. Returns the exit code. */
export const follow = async (flags: FollowFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, interruption } = session
  const exec = readExec(flags)
  rejectWithoutStore(flags)
  const { query, limit, details } = readFollowed(flags)
  const since = readInstant("--since", flags.since, Date.now())
  const intervalMs = readSpan("--interval", flags.interval, intervalLimits)
  const format = readFormat(flags, output.isTerminal)
  const guards = guardsFormulas(flags)
  const chosen = await chooseConnections(flags, session)
  const { opened, outcomes } = await openConnections(chosen, session)
  if (opened.length === 0) return leastFailure(outcomes)
  for (const connection of opened) {
    const plan = planOf(connection, query)
    if (plan !== null) warnOfMissingParts(connection, plan, notices)
  }

  const termination = session.termination()
  const ending = new AbortController()
  const stop = AbortSignal.any([interruption, termination, ending.signal])
  const onWarning = (label: string, text: string) => notices.warn(`${label}: ${text}`)
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
            onWarning: (warning) => onWarning(label, warningText(warning)),
          }),
        }))
      : [
          {
            label: null,
            changes: storedChanges(kept.store, opened, query, {
              intervalMs: intervalMs ?? defaultIntervalMs,
              follower: followerName(chosen, query, flags),
              chosen,
              since,
              details,
              signal: stop,
              onWarning,
              onFailure,
            }),
          },
        ]
  const write = await makeChangeWriter(format, output, guards)
  const delivery =
    exec === null
      ? null
      : makeChangeDelivery({
          call: await commandOf(exec, flags, opened, termination, session),
          mostTries: exec.mostTries,
          stop,
          pause,
          undeliveredHint:
            kept === null ? null : "List them with execlog follow --stored --undelivered.",
          notices,
        })
  notices.progress.show("following")
  try {
    await reportChanges(sources, {
      limit,
      stop,
      end: () => ending.abort(),
      report: async (change, record) => {
        await write(change)
        return delivery === null || (await delivery.deliver(change, record))
      },
      onFailure: (error, label) => onFailure(label, error),
    })
  } finally {
    await kept?.store.close()
    notices.progress.stop()
    delivery?.warnOfUndelivered()
  }
  if (interruption.aborted) return ExitCode.interrupted
  return termination.aborted ? ExitCode.done : leastFailure(outcomes)
}

/** Lists or retries undelivered changes, without asking a provider. Returns the exit code. */
export const followUndelivered = async (
  flags: FollowFlags,
  session: Session,
): Promise<ExitCode> => {
  const exec = readExec(flags)
  rejectWithoutStore(flags)
  const format = readFormat(flags, session.output.isTerminal)
  const guards = guardsFormulas(flags)
  const kept = await openStoreOf(flags, exec === null ? "read" : "write", session)
  try {
    const write = await makeChangeWriter(format, session.output, guards)
    if (exec === null) {
      return await listUndelivered(kept, flags, null, session.interruption, write, session)
    }
    const termination = session.termination()
    const call = await commandOf(exec, flags, [], termination, session)
    const stop = AbortSignal.any([session.interruption, termination])
    return await listUndelivered(kept, flags, call, stop, write, session)
  } finally {
    await kept.store.close()
  }
}

const commandOf = async (
  { command, timeoutMs }: ExecSettings,
  flags: FollowFlags,
  opened: ReadonlyArray<OpenConnection>,
  termination: AbortSignal,
  session: Session,
): Promise<ChangeCommand> =>
  makeChangeCommand(
    {
      command,
      timeoutMs,
      environment: commandEnvironment(
        session.environment,
        opened,
        // With --provider, a broken configuration is ignored.
        await readConfig(flags.config, session.directory).catch(() => null),
      ),
      cutOff: AbortSignal.any([session.interruption, session.termination(2)]),
    },
    session.notices,
    termination,
  )

const rejectWithoutStore = (flags: FollowFlags): void => {
  if (followsInStore(flags)) return
  const alone =
    flags.undelivered === true ? "--undelivered" : flags.follower !== undefined && "--follower"
  if (alone === false) return
  throw new UsageError(
    `${alone} requires a store.`,
    `Add --stored, or --store with the address of the store.`,
  )
}

const readFollowed = (flags: FollowFlags): Pick<ListRequest, "query" | "limit" | "details"> => {
  const { since: _, limit = "all", ...rest } = flags
  const live = rest.search !== undefined ? "--search" : rest.pageSize && "--page-size"
  if (live && followsInStore(flags)) {
    throw new UsageError(
      `${live} cannot be combined with a store, because a store keeps all executions.`,
      `Leave ${live} out, or follow the providers without --stored and --store.`,
    )
  }
  return readListRequest({ ...rest, limit }, Date.now())
}
