import { isDeepStrictEqual } from "node:util"
import {
  AdapterError,
  type ClientOptions,
  createClient,
  type Execution,
  type Json,
  type Rejected,
} from "@execlog/core"
import { type Connection, parseJson } from "@execlog/core/adapter"
import { credentialsOf } from "./Credentials.js"
import { makeMasking, noMasking } from "./Masking.js"
import { readMaskPaths } from "./MaskPath.js"
import { type FixtureExchanges, makeProviderRequests } from "./ProviderRequests.js"
import { questionsFor, type Sample, wholeLog } from "./Questions.js"
import { recordedFixture, type RecordedFixture } from "./RecordedFixture.js"
import { unknownIdLike, withWrongKey, wrongKey } from "./UnknownCaller.js"

/** The options of a recording. */
export interface RecordOptions extends Pick<ClientOptions, "transport"> {
  /** The fetch to use. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly signal?: AbortSignal | undefined
  /** The server's version. Default: that of its response headers. */
  readonly version?: string | undefined
  /** A note about the server for readers of the fixture. */
  readonly server?: string | undefined
  /** A text to search for, if the provider has a search. */
  readonly search?: string | undefined
  /** Replace e-mail addresses, names of actors, and the host of a private server. */
  readonly mask?: boolean | undefined
  /** Replace the values at these paths of responses; see {@link readMaskPaths}. */
  readonly maskPaths?: ReadonlyArray<string> | undefined
  /** Public origins, which are not masked. */
  readonly publicOrigins?: ReadonlyArray<string> | undefined
  /** Called with the name of what is being recorded. */
  readonly onProgress?: ((name: string) => void) | undefined
}

/** A recording, not written yet. */
export interface Recording {
  readonly fixtures: ReadonlyArray<RecordedFixture>
  readonly warnings: ReadonlyArray<string>
  /** The fixtures that could not be recorded, and why. */
  readonly failures: ReadonlyArray<{ readonly name: string; readonly error: AdapterError }>
}

// Of a longer log, only the newest executions are recorded.
const mostExecutions = 60

/**
 * Records from a provider what the contract suite needs, and returns the fixtures without credentials.
 * Rejects with an AdapterError if the log cannot be read at all.
 */
export const record = async (
  connection: Connection,
  options: RecordOptions = {},
): Promise<Recording> => {
  const {
    fetch = globalThis.fetch,
    transport,
    signal,
    onProgress,
    mask = false,
    maskPaths = [],
  } = options
  const paths = readMaskPaths(maskPaths)
  const client = createClient(connection, { transport, fetch })
  const provider = makeProviderRequests(connection, { transport, fetch, signal })
  const recorded: Array<FixtureExchanges> = []
  const warnings: Array<string> = []
  const failures: Array<Recording["failures"][number]> = []
  const keep = async (name: string, ask: () => Promise<FixtureExchanges | null>): Promise<void> => {
    onProgress?.(name)
    try {
      const answered = await ask()
      if (answered === null) {
        warnings.push(`${name}: ${connection.title} returned no error, so there is none to record.`)
        return
      }
      if (allExchanges([answered]).some(({ text }) => isDeep(parseJson(text) ?? null))) {
        warnings.push(
          `${name} is left out: a response is nested deeper than ${deepestLevel} levels.`,
        )
        return
      }
      recorded.push(answered)
      warnings.push(...answered.warnings.map((warning) => `${name}: ${warning}`))
    } catch (error) {
      if (!AdapterError.is(error)) throw error
      failures.push({ name, error })
    }
  }

  onProgress?.("looking at the log")
  const readSample = () => sampleOf(connection, { transport, fetch, signal })
  const sample = await readSample()
  if (sample.executions.length === 0) {
    warnings.push(
      sample.reasons.length === 0
        ? "The log has no executions; the contract suite needs a walk over several pages."
        : `All ${sample.reasons.length} items of the log were rejected, the first because: ${sample.reasons[0]}`,
    )
  }
  const questions = questionsFor(connection, client, sample, options.search ?? null)
  if (options.search !== undefined && !questions.some(({ query }) => query.search !== undefined)) {
    warnings.push(`${connection.title} cannot search for this text, so no search is recorded.`)
  }
  if (questions.some(({ isExcerpt }) => isExcerpt)) {
    warnings.push(
      `A walk of ${connection.title} cannot end at a time, so only the first pages of a long log are recorded. The contract suite needs a walk to the end: also record a log of at most ${mostExecutions} executions.`,
    )
  }
  if (!sample.isWhole) {
    warnings.push(
      `The log has more than ${mostExecutions} executions: only the newest are recorded, so the suite cannot compare filters with the whole log. Also record a shorter log, or run the live suite.`,
    )
  }
  for (const question of questions) {
    await keep(question.name, () => provider.list(question))
  }
  if (connection.get !== null) {
    for (const { status, id } of oneOfEachStatus(sample.executions)) {
      const name = `get-${status.replaceAll("_", "-")}`
      await keep(name, () => provider.get(name, `one execution that is ${status}`, id))
    }
    const [known] = sample.executions
    const unknownId = known === undefined ? null : unknownIdLike(connection, known.id)
    if (unknownId !== null) {
      await keep("error-unknown-id", () =>
        provider.rejection("error-unknown-id", "unknown id", { get: unknownId }),
      )
    }
  }
  const stranger = withWrongKey(connection)
  if (stranger !== null) {
    await keep("error-wrong-key", () =>
      provider.rejection("error-wrong-key", "unknown key", wholeLog(connection), stranger),
    )
  }
  const isStill =
    sample.isWhole && isDeepStrictEqual((await readSample()).executions, sample.executions)
  if (sample.isWhole && !isStill) {
    warnings.push(
      "The log changed while it was recorded, so the fixtures are not compared with each other. Record again while nothing runs.",
    )
  }

  const now = new Date()
  const credentials = credentialsOf(connection, [wrongKey], transport?.headers)
  const answers = allExchanges(recorded).map(({ text }): Json =>
    credentials.json(parseJson(text) ?? text),
  )
  const { origin, hostname } = new URL(connection.baseUrl)
  const isPublic = isLoopback(connection.baseUrl) || (options.publicOrigins ?? []).includes(origin)
  const masking =
    mask || maskPaths.length > 0
      ? makeMasking({
          answers,
          actors: mask ? recorded.flatMap(({ executions }) => actorsOf(executions)) : [],
          addresses: mask,
          paths,
          host: mask && !isPublic ? hostname : null,
          words: Object.keys(connection.statuses),
        })
      : noMasking
  const version = options.version ?? versionInResponses(connection, recorded)
  const date = now.toISOString().slice(0, 10)
  const provenance = {
    connection,
    now,
    version,
    server: options.server ?? null,
    dataset: isStill
      ? [connection.provider, version, date].filter((part) => part !== null).join("-")
      : null,
    credentials,
    masking,
    changed: changedText(mask, maskPaths),
  }
  const fixtures = recorded.flatMap((one) => {
    const hidden = Object.values(one.query).some(
      (value) => typeof value === "string" && masking.hidesNumber(value),
    )
    if (!hidden) return [recordedFixture(one, provenance)]
    warnings.push(`${one.name} is left out: its request contains a masked number.`)
    return []
  })
  return { fixtures, warnings, failures }
}

/** The newest executions: all, or more than are recorded. */
const sampleOf = async (
  connection: Connection,
  { signal, ...options }: ClientOptions & Pick<RecordOptions, "signal">,
): Promise<Sample> => {
  const executions: Array<Execution> = []
  const client = createClient(connection, options)
  const reasons: Array<string> = []
  const onRejected = ({ reason }: Rejected) => void reasons.push(reason)
  const stream = { limit: mostExecutions + 1, signal, onRejected, onWarning: () => {} }
  for await (const execution of client.executions({}, stream)) executions.push(execution)
  return { executions, reasons, isWhole: executions.length <= mostExecutions }
}

const oneOfEachStatus = (executions: ReadonlyArray<Execution>): ReadonlyArray<Execution> => [
  ...new Map(executions.toReversed().map((execution) => [execution.status, execution])).values(),
]

// Masking, writing and comparing fixtures is recursive.
const deepestLevel = 1000

const isDeep = (value: Json): boolean => {
  let level: ReadonlyArray<Json> = [value]
  for (let depth = 0; depth <= deepestLevel && level.length > 0; depth++) {
    level = level.flatMap((one): ReadonlyArray<Json> =>
      typeof one === "object" && one !== null ? Object.values(one) : [],
    )
  }
  return level.length > 0
}

const actorsOf = (executions: ReadonlyArray<Execution>) =>
  executions.flatMap(({ actor }) => (actor === null ? [] : [actor]))

const allExchanges = (recorded: ReadonlyArray<FixtureExchanges>) =>
  recorded.flatMap(({ exchanges, resumed }) => [
    ...exchanges,
    ...resumed.flatMap(({ exchanges: rest }) => rest),
  ])

/** The headers in which servers send their version. */
const versionInResponses = (
  { provider }: Connection,
  recorded: ReadonlyArray<FixtureExchanges>,
): string | null => {
  const names = ["x-version", `x-${provider}-version`]
  const headers = allExchanges(recorded).flatMap(({ answerHeaders }) => answerHeaders)
  return headers.find(([name]) => names.includes(name.toLowerCase()))?.[1] ?? null
}

const isLoopback = (baseUrl: string): boolean =>
  /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(baseUrl).hostname)

const changedText = (mask: boolean, maskPaths: ReadonlyArray<string>): string | null => {
  const parts = [...(mask ? ["e-mail addresses and the names of actors"] : []), ...maskPaths]
  return parts.length === 0 ? null : parts.join(", ")
}
