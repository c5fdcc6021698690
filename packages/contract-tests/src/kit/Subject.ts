import {
  AdapterError,
  type AdapterErrorReason,
  type Client,
  type ClientOptions,
  type Connection,
  createClient,
  type LogPage,
} from "@execlog/core"
import type { Adapter } from "@execlog/core/adapter"
import { ContractViolation, shown } from "./ContractViolation.js"
import { type Fixture, isRefusal, listQueryOf } from "./Fixture.js"
import { replay, type ReplayOptions } from "./Replay.js"

/** Any adapter: what `Adapter.make` gives, whatever settings it takes. */
export interface AdapterUnderTest {
  (settings: never): Connection
  readonly id: string
  readonly title: string
  readonly statuses: Adapter.Adapter<never>["statuses"]
  readonly settings: ReadonlyArray<Adapter.SettingInfo>
}

/** What `contractSuite` takes. */
export interface ContractOptions {
  readonly adapter: AdapterUnderTest
  /** The folder of the adapter's fixtures, with a slash at its end. */
  readonly fixtures: URL
  /** Settings beside the secrets, for which the suite makes values up. */
  readonly settings?: { readonly [name: string]: unknown }
  /** The built module whose default export is the adapter, to resume a walk in a new process. */
  readonly module?: URL
  /** The reasons of HTTP statuses that this provider uses in a way of its own. */
  readonly reasons?: { readonly [status: number]: AdapterErrorReason }
  /** The provider sends times without a zone, and the adapter declares which it is. */
  readonly zoneless?: true
  /** Words to search for, where the provider wants more than any text. */
  readonly search?: string
}

/** An adapter with its fixtures, as the checks see it. */
export interface Subject {
  readonly options: ContractOptions
  readonly adapter: AdapterUnderTest
  readonly fixtures: ReadonlyArray<Fixture>
  /** The values of the secret settings, made up so that they are found wherever they leak. */
  readonly secrets: ReadonlyArray<string>
  /** All settings for a fixture. */
  readonly settings: (fixture?: Fixture) => Record<string, unknown>
  readonly connection: (fixture?: Fixture) => Connection
  readonly client: (fixture?: Fixture, options?: ClientOptions) => Client
  /** Runs a function while a fixture answers. */
  readonly replay: <A>(
    fixture: Fixture,
    use: (client: Client) => Promise<A>,
    options?: Partial<ReplayOptions>,
  ) => Promise<A>
  /** The pages of a list fixture; the first alone of an excerpt. */
  readonly pages: (fixture: Fixture) => Promise<ReadonlyArray<LogPage>>
}

/** The name of the connection in all checks. */
export const connectionName = "contract-tests"

/** Makes a subject of an adapter and its fixtures. */
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

/** Throws what went wrong where a fixture was to be read, as a ContractViolation. */
export const throwUnread = (fixture: Fixture, error: unknown): never => {
  if (!AdapterError.is(error)) throw error
  throw new ContractViolation({
    found: `${fixture.name}.json could not be read: ${shown(error)}.`,
    expected: "executions; a fixture of a refusal has the reason under expect",
    why: "Where one page cannot be read, nobody sees what comes behind it.",
    cause: error,
  })
}

/** Calls an adapter with settings of any kind, wrong ones included. */
export const connect = (adapter: AdapterUnderTest, settings: unknown): Connection =>
  // What each adapter takes is its own; what it does with anything else is what is tested.
  adapter(settings as never)

/** The fixtures that show lists. */
export const listFixtures = ({ fixtures }: Subject): ReadonlyArray<Fixture> =>
  fixtures.filter((fixture) => listQueryOf(fixture) !== null && !isRefusal(fixture))

/** The fixtures that show one execution. */
export const getFixtures = ({ fixtures }: Subject): ReadonlyArray<Fixture> =>
  fixtures.filter((fixture) => listQueryOf(fixture) === null && !isRefusal(fixture))
