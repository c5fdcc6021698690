import { type Client, type ClientOptions, createClient, type LogQuery } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import { holds } from "../kit/ContractViolation.js"
import { readFixture } from "../kit/Fixture.js"
import {
  type ContractOptions,
  connect,
  connectionName,
  makeSubject,
  type Subject,
} from "../kit/Subject.js"
import { detailQuery, wholeLog } from "../recording/Questions.js"
import { record } from "../recording/Recording.js"
import { type LiveReading, readLive } from "./LiveReading.js"
import { type Environment, liveSettings } from "./LiveSettings.js"

/** The options of `liveSuite`. */
export interface LiveOptions extends Omit<ContractOptions, "fixtures"> {
  /** The source of settings that are not given. Default: `process.env`. */
  readonly environment?: Environment
  /** How many of the newest executions to read. Default: 100. */
  readonly executions?: number
  /** Transport options, such as `requestsPerSecond`. */
  readonly transport?: ClientOptions["transport"]
  /** The fetch to use. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch
}

/** A real server under test. */
export interface Live {
  readonly options: LiveOptions
  readonly connection: Connection
  /** The transport, shared with other clients. */
  readonly over: Pick<ClientOptions, "transport" | "fetch">
  readonly client: Client
  /** The secret values, to search for in results. */
  readonly secrets: ReadonlyArray<string>
  /** The list endpoints, with their first reading. */
  readonly endpoints: ReadonlyArray<LiveEndpoint>
  /** The recorded fixtures, for the fixture checks. */
  readonly recorded: Subject
  /** Reads a query up to the same number of executions. */
  readonly read: (query: LogQuery) => Promise<LiveReading>
}

/** A list endpoint of a server. */
export interface LiveEndpoint {
  readonly name: "list" | "detail"
  readonly endpoint: Connection["list"]
  /** The unfiltered query that selects it. */
  readonly base: LogQuery
  readonly first: LiveReading
}

const fewestExecutions = 2

/** Connects to a server, reads its log, and records the fixtures for the checks. */
export const connectLive = async (options: LiveOptions): Promise<Live> => {
  const { adapter, environment = process.env, executions = 100 } = options
  const settings = liveSettings(adapter, options.settings ?? {}, environment)
  const connection = connect(adapter, settings)
  const over = { transport: options.transport, fetch: options.fetch ?? globalThis.fetch }
  const client = createClient(connection, { name: connectionName, ...over })
  const first = await firstReading(connection, executions, over)
  // Filters in core skip pages without matches.
  const pages = 2 * first.pages.length + 4
  const read = (query: LogQuery) => readLive(client, query, { executions, pages })
  if (first.executions.length < fewestExecutions) {
    throw new Error(
      `The log of ${connection.baseUrl} has ${first.executions.length} executions, too few to test paging. Start some, and let one of them fail.`,
    )
  }
  const detail = detailQuery(connection, client, first.executions)
  const endpoints: ReadonlyArray<LiveEndpoint> = [
    { name: "list", endpoint: connection.list, base: wholeLog(connection), first },
    ...(connection.detail === null || detail === null
      ? []
      : [
          {
            name: "detail" as const,
            endpoint: connection.detail,
            base: detail,
            first: await read(detail),
          },
        ]),
  ]
  const { fixtures } = await record(connection, { ...over, search: options.search })
  const secretNames = adapter.settings.filter(({ kind }) => kind === "secret")
  // Recorded fixtures have a made-up key and the server's URL.
  const open = Object.entries(settings).filter(
    ([name]) => !secretNames.some((secret) => secret.name === name),
  )
  const recorded = makeSubject(
    { ...options, fixtures: new URL("file:///recorded/"), settings: Object.fromEntries(open) },
    fixtures.map(({ text, name }) => readFixture(text, name)),
  )
  const secrets = connection.secrets()
  return { options, connection, over, client, secrets, endpoints, recorded, read }
}

/** Reads by the declared largest page. Throws a ContractViolation if the server rejects it. */
const firstReading = async (
  connection: Connection,
  executions: number,
  over: Pick<LiveOptions, "transport"> & { readonly fetch: typeof fetch },
): Promise<LiveReading> => {
  const { maxPageSize, route } = connection.list
  let rejection: number | null = null
  const client = createClient(connection, {
    ...over,
    name: connectionName,
    fetch: async (input, init) => {
      const response = await over.fetch(input, init)
      if (response.status === 400 || response.status === 422) rejection ??= response.status
      return response
    },
  })
  const reading = await readLive(client, {}, { executions, pages: executions })
  holds(rejection === null, () => ({
    found: `${route} rejects a page of ${maxPageSize}, the declared maxPageSize, with ${rejection}.`,
    expected: "maxPageSize to be the largest page of the provider",
    why: "It is the default page size, so every reading would begin with an error.",
  }))
  return reading
}
