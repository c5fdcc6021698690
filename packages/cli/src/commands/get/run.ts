import { AdapterError, type Execution } from "@execlog/core"
import type { StoredExecution } from "@execlog/store"
import { chooseOneConnection } from "../../connections/Connections.js"
import { openStoreOf } from "../../connections/OpenStore.js"
import type { ConnectionFlags } from "../../flags/ConnectionFlags.js"
import { type FormatFlag, guardsFormulas, readFormat } from "../../flags/FormatFlag.js"
import { readInclude } from "../../flags/ReadQuery.js"
import type { StoredFlags } from "../../flags/StoreFlags.js"
import { makeExecutionWriter } from "../../formats/Formats.js"
import { ExitCode } from "../../session/ExitCode.js"
import { reportFailure } from "../../session/Failure.js"
import { warningText } from "../../session/FlagNames.js"
import { OutputError } from "../../session/Output.js"
import type { Session } from "../../session/Session.js"
import { UsageError } from "../../session/UsageError.js"
import { readsStore } from "../../sources/SourceChoice.js"
import { chooseStored } from "../../sources/StoredSource.js"
import { terminalJson } from "../../text/TerminalText.js"

/** The flags of `get`. */
export interface GetFlags extends ConnectionFlags, FormatFlag, StoredFlags {
  readonly include?: string
}

/** An execution, and its history if it comes from a store. */
interface Got {
  readonly execution: Execution
  readonly kept: StoredExecution | null
}

/** Prints one execution. Returns the exit code. */
export const get = async (id: string, flags: GetFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, interruption } = session
  const wantsRaw = readInclude(flags.include)?.includes("raw") === true
  const format = readFormat(flags, output.isTerminal)
  const guards = guardsFormulas(flags)
  const { label, read } = readsStore(flags)
    ? { label: null, read: () => fromStore(id, wantsRaw, flags, session) }
    : await fromProvider(id, wantsRaw, flags, session)
  try {
    notices.progress.show("reading")
    const { execution, kept } = await read()
    notices.progress.stop()
    if (format === "table") {
      const { detailText } = await import("./Detail.js")
      await output.write(detailText(execution, kept, output))
    } else if (format === "json") {
      await output.write(`${terminalJson(execution, 2)}\n`)
    } else {
      const writer = await makeExecutionWriter(format, output, guards)
      await writer.write(execution)
      await writer.end()
    }
    return ExitCode.done
  } catch (error) {
    if (error instanceof OutputError) throw error
    return interruption.aborted ? ExitCode.interrupted : reportFailure(notices, error, label)
  }
}

const fromProvider = async (id: string, wantsRaw: boolean, flags: GetFlags, session: Session) => {
  const { label, open } = await chooseOneConnection(flags, session, "get")
  const read = async (): Promise<Got> => {
    const { client } = await open()
    const include = wantsRaw ? (["raw"] as const) : []
    const execution = await client.get(id, {
      include,
      signal: session.interruption,
      onWarning: (warning) => session.notices.warn(`${label}: ${warningText(warning)}`),
    })
    return { execution, kept: null }
  }
  return { label, read }
}

/** Finds the execution in the store. If several connections have the id, --connection must choose. */
const fromStore = async (
  id: string,
  wantsRaw: boolean,
  flags: GetFlags,
  session: Session,
): Promise<Got> => {
  const { store } = await openStoreOf(flags, "read", session)
  const chosen = await chooseStored(store, flags)
  const names = chosen ?? (await store.connections()).map(({ name }) => name)
  const found: Array<StoredExecution> = []
  for (const name of names) {
    const kept = await store.get(name, id, wantsRaw ? ["raw"] : [])
    if (kept !== null) found.push(kept)
  }
  await store.close()
  const [kept, ...others] = found
  if (kept === undefined) {
    throw new AdapterError({
      reason: "NotFound",
      message: `The store has no execution ${id}${chosen === undefined ? "" : ` of ${chosen.join(", ")}`}.`,
      operation: "get",
      hint: {
        code: "other",
        text: "Run execlog sync to store new executions, or query the provider, without --stored.",
      },
    })
  }
  if (others.length > 0) {
    const connections = found
      .map(({ execution: { connection, provider } }) => connection ?? provider)
      .join(", ")
    throw new UsageError(
      `The store has ${found.length} executions with the id ${id}, of ${connections}.`,
      "Choose one with --connection.",
    )
  }
  return { execution: kept.execution, kept }
}
