import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import type * as Recording from "@execlog/contract-tests/recording"
import type { Adapter } from "@execlog/core/adapter"
import {
  installCommand,
  lookupPlaces,
  ownPackage,
  resolvePackage,
} from "../../connections/AdapterLookup.js"
import { chooseOneConnection } from "../../connections/Connections.js"
import type { ConnectionFlags } from "../../flags/ConnectionFlags.js"
import { type FormatFlag, readFormat, reportFormats } from "../../flags/FormatFlag.js"
import { jsonText } from "../../formats/Json.js"
import { ExitCode, leastFailure } from "../../session/ExitCode.js"
import { reportFailure } from "../../session/Failure.js"
import type { Notices } from "../../session/Notices.js"
import { OutputError } from "../../session/Output.js"
import type { Session } from "../../session/Session.js"
import { UsageError } from "../../session/UsageError.js"
import { maskPathOf } from "./MaskPath.js"
import { recordedText } from "./RecordedText.js"
import { type RecordReport, recordReports } from "./Report.js"

/** The flags of `record`. */
export interface RecordFlags extends ConnectionFlags, FormatFlag {
  readonly out: string
  readonly dryRun?: true
  readonly force?: true
  readonly providerVersion?: string
  readonly server?: string
  readonly search?: string
  readonly mask?: true
  readonly maskPath?: ReadonlyArray<string>
}

/** Records fixtures. Returns the exit code. */
export const record = async (flags: RecordFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, interruption, directory } = session
  const format = readFormat(flags, output.isTerminal, reportFormats)
  const chosen = await chooseOneConnection(flags, session, "record")
  const folder = resolve(directory, flags.out)
  try {
    const recorder = await loadRecording(directory)
    const { adapter, connection, options } = await chosen.open()
    const { fixtures, warnings, failures } = await recorder.record(connection, {
      transport: options.transport,
      signal: interruption,
      version: flags.providerVersion,
      server: flags.server,
      search: flags.search,
      mask: flags.mask,
      maskPaths: flags.maskPath,
      publicOrigins: publicOrigins(adapter),
      onProgress: (name) => notices.progress.show(`recording: ${name}`),
    })
    notices.progress.stop()
    for (const warning of warnings) notices.warn(warning)
    const outcomes = failures.map(({ name, error }) =>
      reportFailure(notices, error, `${chosen.label}, ${name}`),
    )
    const compared = await recorder.compareWithFolder(fixtures, folder)
    const rejection = flags.force === true ? null : rejectionOf(compared)
    const isWritten = flags.dryRun !== true && rejection === null
    if (isWritten) await recorder.writeFixtures(compared, folder)
    const reports = recordReports(compared, isWritten, directory)
    await output.write(
      format === "table"
        ? recordedText(reports)
        : jsonText(reports, format === "json" ? "json" : "ndjson"),
    )
    warnOfSuspicions(reports, notices)
    if (rejection === null) return leastFailure(outcomes)
    notices.error(
      `${flags.dryRun === true ? "Would not be written" : "Nothing was written"}: ${rejection.message}`,
      rejection.hint,
    )
    return leastFailure([...outcomes, rejection.code])
  } catch (error) {
    if (error instanceof OutputError) throw error
    return interruption.aborted ? ExitCode.interrupted : reportFailure(notices, error, chosen.label)
  }
}

interface Rejection {
  readonly message: string
  readonly hint: string
  readonly code: ExitCode
}

/** Why fixtures are not written without --force; null if they are. */
const rejectionOf = (
  fixtures: ReadonlyArray<
    Pick<RecordReport, "suspicions"> & { readonly differences: RecordReport["differences"] | null }
  >,
): Rejection | null => {
  const secrets = fixtures.flatMap(({ suspicions }) =>
    suspicions.filter(({ kind }) => kind === "key" || kind === "token"),
  )
  const [first] = secrets
  if (first !== undefined) {
    const path = secrets.map(({ path: at }) => maskPathOf(at)).find((found) => found !== null)
    return {
      message: `${secrets.length} values look like keys or tokens, the first at ${first.place}.`,
      hint:
        path === undefined
          ? "They are outside the response bodies, where --mask-path does not apply. Check whether they grant access; --force writes them as they are."
          : `Mask them, for example with --mask-path "${path}"; --force writes them as they are.`,
      code: ExitCode.fault,
    }
  }
  const existing = fixtures.filter(({ differences }) => differences !== null)
  if (existing.length === 0) return null
  const drifted = existing.filter(({ differences }) => (differences ?? []).length > 0)
  const hint = "Overwrite them with --force, or name another folder with --out."
  return drifted.length === 0
    ? {
        message: `${existing.length} of the ${fixtures.length} files exist, and their responses have the same shape.`,
        hint,
        code: ExitCode.done,
      }
    : {
        message: `${existing.length} of the ${fixtures.length} files exist, and the responses of ${drifted.length} have changed shape.`,
        hint,
        code: ExitCode.fault,
      }
}

const warnOfSuspicions = (reports: ReadonlyArray<RecordReport>, notices: Notices): void => {
  for (const [kind, remedy] of [
    ["address", "--mask replaces them."],
    ["machine path", "--mask-path replaces the values at a path."],
  ] as const) {
    const places = reports.flatMap(({ file, suspicions }) =>
      suspicions
        .filter((suspicion) => suspicion.kind === kind)
        .map(({ place }) => `${file}: ${place}`),
    )
    if (places.length > 0) {
      notices.warn(
        `${places.length} values look like a ${kind === "address" ? "real address" : kind}, the first in ${places[0]}. ${remedy}`,
      )
    }
  }
}

/** The default addresses of an adapter, which are public and need no masking. */
const publicOrigins = (adapter: Adapter.Adapter<unknown>): ReadonlyArray<string> =>
  adapter.settings.flatMap(({ kind, default: standard }) =>
    kind === "url" && typeof standard === "string" ? [new URL(standard).origin] : [],
  )

/** The package that records fixtures; separate, because only authors of adapters need it. */
type RecordingPackage = typeof Recording

const packageName = "@execlog/contract-tests"

/** Loads the package as adapters are loaded. Fails with a UsageError that says what to install. */
const loadRecording = async (directory: string): Promise<RecordingPackage> => {
  const own = await ownPackage(directory)
  for (const [index, place] of lookupPlaces(directory).entries()) {
    // A working folder with that name was not installed by anybody.
    if (index === 0 && own?.name === packageName) continue
    const path = await resolvePackage(`${packageName}/recording`, place)
    // The package's types describe this export.
    if (path !== null) return await import(pathToFileURL(path).href)
  }
  throw new UsageError(
    `record needs ${packageName}, which is not installed. Looked for it from ${directory} and beside execlog.`,
    `Install it: ${installCommand(packageName, directory)}`,
  )
}
