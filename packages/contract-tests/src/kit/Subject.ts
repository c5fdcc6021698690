import {
  AdapterError,
  type AdapterErrorReason,
  type Client,
  type ClientOptions,
  createClient,
  type LogPage,
} from "@execlog/core"
import type { Connection, Adapter } from "@execlog/core/adapter"
import { ContractViolation, shown } from "./ContractViolation.js"
import { type Fixture, isErrorFixture, listQueryOf } from "./Fixture.js"
import { replay, type ReplayOptions } from "./Replay.js"

/** Any adapter made by `Adapter.make`, whatever its settings. */
export interface AdapterUnderTest {
  (settings: never): Connection
  readonly id: string
  readonly title: string
  readonly statuses: Adapter.Adapter<never>["statuses"]
  readonly settings: ReadonlyArray<Adapter.SettingInfo>
}

/** The options of `contractSuite`. */
export interface ContractOptions {
  readonly adapter: AdapterUnderTest
  /** The folder of the adapter's fixtures, with a trailing slash. */
  readonly fixtures: URL
  /** Settings other than secrets, whose values the suite makes up. */
  readonly settings?: { readonly [name: string]: unknown }
  /** The built module with the adapter as its default export, to resume a walk in a new process. */
  readonly module?: URL
  /** The reasons of HTTP statuses that the provider uses unusually. */
  readonly reasons?: { readonly [status: number]: AdapterErrorReason }
  /** Whether the provider sends times without a zone, and the adapter knows their zone. */
  readonly zoneless?: true
  /** Words to search for, if the provider does not accept every text. */
  readonly search?: string
}

/** An adapter under test, with its fixtures. */
export interface Subject {
  readonly options: ContractOptions
  readonly adapter: AdapterUnderTest
  readonly fixtures: ReadonlyArray<Fixture>
  /** The made-up values of secret settings, recognizable in leaks. */
  readonly secrets: ReadonlyArray<string>
  /** All settings for a fixture. */
  readonly settings: (fixture?: Fixture) => Record<string, unknown>
  readonly connection: (fixture?: Fixture) => Connection
  readonly client: (fixture?: Fixture, options?: ClientOptions) => Client
  /** Runs a function with a fixture's responses. */
  readonly replay: <A>(
    fixture: Fixture,
    use: (client: Client) => Promise<A>,
    options?: Partial<ReplayOptions>,
  ) => Promise<A>
  /** The pages of a list fixture; of an excerpt, only the first. */
  readonly pages: (fixture: Fixture) => Promise<ReadonlyArray<LogPage>>
}

/** The name of the connection in all checks. */
export const connectionName = "contract-tests"

/** Makes a subject from an adapter and its fixtures. */
export const makeSubject = (
  options: ContractOptions,
  fixtures: ReadonlyArray<Fixture>,
): Subject => {
  const { adapter } = options
  const canaries = Object.fromEntries(
    adapter.settings
      .filter(({ kind }) => kind === "secret")
      .map(({ name }) => [name, String(options.settings?.[name] ?? `canary-${name}-4f9d27c1b8`)]),
  )
  const secrets = Object.values(canaries)
  const settings = (fixture?: Fixture) => ({
    ...options.settings,
    ...canaries,
    ...fixture?.settings,
  })
  const connection = (fixture?: Fixture) => connect(adapter, settings(fixture))
  const client = (fixture?: Fixture, more: ClientOptions = {}) =>
    createClient(connection(fixture), { name: connectionName, transport: { retries: 0 }, ...more })
  const replayFixture: Subject["replay"] = (fixture, use, more = {}) => {
    const at = connection(fixture)
    const anyAt = fixture.request === "any" ? at.baseUrl : null
    const { name, exchanges, now } = fixture
    return replay({ name, exchanges, now, anyAt, secrets, ...more }, () => use(client(fixture)))
  }
  const pages = (fixture: Fixture) =>
    replayFixture(fixture, async (over) => {
      const query = listQueryOf(fixture) ?? {}
      if (fixture.excerpt === true) return [await over.page(query)]
      const read: Array<LogPage> = []
      for await (const page of over.pages(query)) read.push(page)
      return read
    }).catch((error: unknown) => throwUnread(fixture, error))
  return {
    options,
    adapter,
    fixtures,
    secrets,
    settings,
    connection,
    client,
    replay: replayFixture,
    pages,
  }
}

/** Throws an error of reading a fixture as a ContractViolation. */
export const throwUnread = (fixture: Fixture, error: unknown): never => {
  if (!AdapterError.is(error)) throw error
  throw new ContractViolation({
    found: `${fixture.name}.json could not be read: ${shown(error)}.`,
    expected: "executions; a fixture of an error response has the reason under expect",
    why: "A page that cannot be decoded hides everything after it.",
    cause: error,
  })
}

/** Calls an adapter with any settings, even wrong ones. */
export const connect = (adapter: AdapterUnderTest, settings: unknown): Connection =>
  // Adapters have different settings types; tests pass wrong settings on purpose.
  adapter(settings as never)

/** The list fixtures. */
export const listFixtures = ({ fixtures }: Subject): ReadonlyArray<Fixture> =>
  fixtures.filter((fixture) => listQueryOf(fixture) !== null && !isErrorFixture(fixture))

/** The `get` fixtures. */
export const getFixtures = ({ fixtures }: Subject): ReadonlyArray<Fixture> =>
  fixtures.filter((fixture) => listQueryOf(fixture) === null && !isErrorFixture(fixture))
