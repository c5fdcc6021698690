import { relative, resolve } from "node:path"
import {
  type Choices,
  parseAuth,
  parseBaseUrl,
  parseId,
  parseMethod,
  parsePath,
  parseTitle,
} from "./choices/Choices.js"
import type { Questions } from "./choices/Questions.js"
import { draftAdapter, envelopeOfSamples, type Samples } from "./draft/AdapterDraft.js"
import { checkEmpty, writeFiles } from "./files/Folder.js"
import { packageFiles } from "./files/PackageFiles.js"
import { ownManifest, versionsOf } from "./files/Versions.js"
import type { Envelope } from "./sample/Envelope.js"
import { guessPaging, type PagingStyle, pagingStyle, pagingStyles } from "./sample/PagingStyle.js"
import { readSample } from "./sample/SampleFile.js"
import { UsageError } from "./shared/UsageError.js"

/** The flags, as they were given. */
export interface Flags {
  readonly title?: string
  readonly baseUrl?: string
  readonly auth?: string
  readonly paging?: string
  readonly method?: string
  readonly path?: string
  readonly getPath?: string
  readonly sample?: string
  readonly sampleGet?: string
  readonly items?: string
  readonly out?: string
}

/** The surroundings of a call, beside the flags. */
export interface Surroundings {
  readonly directory: string
  /** Null without a terminal to prompt on. */
  readonly questions: Questions | null
  /** Reports an inferred value. */
  readonly note: (text: string) => void
}

/** The written files, and their folder. */
export interface Creation {
  readonly packageName: string
  /** The folder, as a path from the working directory. */
  readonly folder: string
  readonly files: ReadonlyArray<string>
}

/** Writes the package of an adapter. Throws a UsageError, or Unanswered, before anything is written. */
export const create = async (
  givenName: string | undefined,
  flags: Flags,
  surroundings: Surroundings,
): Promise<Creation> => {
  const { directory, note } = surroundings
  checkPresent(givenName, flags, surroundings)
  const id = await answered(
    givenName,
    surroundings,
    parseId,
    "Provider name, such as my-provider: ",
  )
  const folder = resolve(directory, flags.out ?? `execlog-adapter-${id}`)
  await checkEmpty(folder)
  const title = parseTitle(flags.title, id)
  const baseUrl = await answered(flags.baseUrl, surroundings, parseBaseUrl, "Base URL of the API: ")
  const auth = await answered(
    flags.auth,
    surroundings,
    parseAuth,
    "Authentication (bearer, basic, header:NAME, none): ",
  )
  const sampleFile =
    flags.sample ??
    (await optional(surroundings, "File with a sample list response (press Enter to skip): "))
  const samples: Samples = {
    list:
      sampleFile === undefined
        ? null
        : await readSample("--sample", resolve(directory, sampleFile)),
    get:
      flags.sampleGet === undefined
        ? null
        : await readSample("--sample-get", resolve(directory, flags.sampleGet)),
    items: flags.items,
  }
  const envelope = envelopeOfSamples(samples)
  if (envelope !== null) note(foundItems(envelope))
  const paging = await pagingOf(flags.paging, envelope, surroundings)
  const choices: Choices = {
    id,
    title,
    baseUrl,
    auth,
    listMethod: parseMethod(flags.method),
    listPath: parsePath("--path", flags.path),
    getPath: parsePath("--get-path", flags.getPath, "{id}"),
  }
  const draft = draftAdapter(choices, samples, paging)
  const files = packageFiles(
    draft,
    samples,
    { list: sampleFile, get: flags.sampleGet },
    versionsOf(ownManifest()),
  )
  await writeFiles(folder, files)
  return {
    packageName: `execlog-adapter-${id}`,
    folder: relative(directory, folder) || ".",
    files: [...files.keys()],
  }
}

/** Without a terminal, reports all missing values at once. */
const checkPresent = (
  name: string | undefined,
  { baseUrl, auth, paging, sample }: Flags,
  { questions }: Surroundings,
): void => {
  if (questions !== null) return
  const missing = [
    ...(name === undefined ? ["the name of the provider"] : []),
    ...(baseUrl === undefined ? ["--base-url"] : []),
    ...(auth === undefined ? ["--auth"] : []),
    ...(paging === undefined && sample === undefined ? ["--paging or --sample"] : []),
  ]
  if (missing.length === 0) return
  throw new UsageError(
    `Missing: ${missing.join(", ")}. Pass them as arguments: there is no terminal to prompt on.`,
  )
}

/** A given value, or one that is prompted for until it is valid. */
const answered = async <Value>(
  given: string | undefined,
  { questions, note }: Surroundings,
  parse: (text: string) => Value,
  question: string,
): Promise<Value> => {
  if (given !== undefined || questions === null) return parse(given ?? "")
  for (;;) {
    try {
      return parse(await questions.ask(question))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      note(error.message)
    }
  }
}

const optional = async (
  { questions }: Surroundings,
  question: string,
): Promise<string | undefined> => {
  const answer = (await questions?.ask(question)) ?? ""
  return answer === "" ? undefined : answer
}

const foundItems = ({ path, items }: Envelope): string =>
  `${items.length} ${items.length === 1 ? "execution" : "executions"} found in the sample` +
  (path.length === 0 ? ", which is a list." : ` at ${path.join(".")}.`)

/** The style that was given, inferred from the sample, or prompted for. */
const pagingOf = async (
  given: string | undefined,
  envelope: Envelope | null,
  surroundings: Surroundings,
): Promise<PagingStyle> => {
  if (given !== undefined) return pagingStyle(given)
  const names = pagingStyles.map(({ name, title }) => `${name} (${title})`).join(", ")
  const guess = envelope === null ? null : guessPaging(envelope)
  const guessed = pagingStyles.find(({ name }) => name === guess?.name)
  if (guess !== null && guessed !== undefined) {
    surroundings.note(`Paging: ${guessed.name} (${guessed.title}), because ${guess.because}.`)
    return guessed
  }
  const because =
    guess === null
      ? ""
      : guess.name === null
        ? `Cannot infer the pagination: ${guess.because}. `
        : `The list seems to use ${guess.name} pagination, which core does not support: ${guess.because}. `
  if (surroundings.questions === null) {
    throw new UsageError(`${because}Set --paging to one of: ${names}.`)
  }
  if (because !== "") surroundings.note(because.trim())
  return answered(undefined, surroundings, pagingStyle, `Pagination (${names}): `)
}
