import {
  type Client,
  type ClientOptions,
  type Connection,
  createClient,
  type LogQuery,
} from "@execlog/core"
import { holds } from "../kit/ContractViolation.js"
import { readFixture } from "../kit/Fixture.js"
import { detailQuery, wholeLog } from "../recording/Questions.js"
import { record } from "../recording/Recording.js"
import {
  type ContractOptions,
  connect,
  connectionName,
  makeSubject,
  type Subject,
} from "../kit/Subject.js"
import { type Environment, liveSettings } from "./LiveSettings.js"
import { type LiveReading, readLive } from "./LiveReading.js"

/** What `liveSuite` takes. */
export interface LiveOptions extends Omit<ContractOptions, "fixtures"> {
  /** Where settings are looked for that are not given; `process.env` where nothing is said. */
  readonly environment?: Environment
  /** How many of the newest executions are looked at; 100 where nothing is said. */
  readonly executions?: number
  /** How requests are made, such as `requestsPerSecond`. */
  readonly transport?: ClientOptions["transport"]
  /** Sends the requests; the global one where nothing is said. */
  readonly fetch?: typeof globalThis.fetch
}

/** A real server, as the checks see it. */
export interface Live {
  readonly options: LiveOptions
  readonly connection: Connection
  /** Over what requests are made, by other clients too. */
  readonly over: Pick<ClientOptions, "transport" | "fetch">
  readonly client: Client
  /** What the key is, to look for it in what is given. */
  readonly secrets: ReadonlyArray<string>
  /** The list endpoints, each as it was first read. */
  readonly endpoints: ReadonlyArray<LiveEndpoint>
  /** What was recorded, over which the checks of fixtures go. */
  readonly recorded: Subject
  /** Reads as much for a query as is looked at of the log. */
  readonly read: (query: LogQuery) => Promise<LiveReading>
}

/** A list endpoint of a server. */
export interface LiveEndpoint {
  readonly name: "list" | "detail"
  readonly endpoint: Connection["list"]
  /** What to ask so that it is the one that answers, unfiltered. */
  readonly base: LogQuery
  readonly first: LiveReading
}

const fewestExecutions = 2

/** Connects to a server, looks at its log and records what the checks of fixtures need. */
export const connectLive = async (options: LiveOptions): Promise<Live> => {
  const { adapter, environment = process.env, executions = 100 } = options
  const settings = liveSettings(adapter, options.settings ?? {}, environment)
  const connection = connect(adapter, settings)
  const over = { transport: options.transport, fetch: options.fetch ?? globalThis.fetch }
  const client = createClient(connection, { name: connectionName, ...over })
  const first = await firstReading(connection, executions, over)
  // What is filtered here passes over pages that hold nothing of it.
  const pages = 2 * first.pages.length + 4
  const read = (query: LogQuery) => readLive(client, query, { executions, pages })
  if (first.executions.length < fewestExecutions) {
    throw new Error(
      `The log of ${connection.baseUrl} holds ${first.executions.length} executions, which show no paging. Start some, and let one of them fail.`,
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
  // Over what was recorded the key is a made-up one, and the address is the server's.
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

/** By the largest page that the adapter declares. Throws a ContractViolation where it is refused. */
const firstReading = async (
  connection: Connection,
  executions: number,
  over: Pick<LiveOptions, "transport"> & { readonly fetch: typeof fetch },
): Promise<LiveReading> => {
  const { maxPageSize, route } = connection.list
  let refusal: number | null = null
  const client = createClient(connection, {
    ...over,
    name: connectionName,
    fetch: async (input, init) => {
      const response = await over.fetch(input, init)
      if (response.status === 400 || response.status === 422) refusal ??= response.status
      return response
    },
  })
  const reading = await readLive(client, {}, { executions, pages: executions })
  holds(refusal === null, () => ({
    found: `${route} refuses a page of ${maxPageSize}, which the adapter declares as maxPageSize, with ${refusal}.`,
    expected: "maxPageSize to be the largest page that the provider gives",
    why: "Whoever asks for no page size asks for the largest: each reading begins with a refusal.",
  }))
  return reading
}
