import { type Client, createClient } from "@execlog/core"
import { ContractViolation } from "../kit/ContractViolation.js"
import { type Exchange, type Fixture, idOf, listQueryOf } from "../kit/Fixture.js"
import { ownExchanges, withMadeUpIds } from "../kit/JoinExchanges.js"
import { replay } from "../kit/Replay.js"
import { connectionName, getFixtures, listFixtures, type Subject } from "../kit/Subject.js"

/** An endpoint of an adapter, with a call that requests it once. */
export interface AskedEndpoint {
  readonly name: "list" | "detail" | "get"
  readonly operation: "list" | "get"
  readonly fixture: Fixture
  readonly call: (client: Client) => Promise<unknown>
}

/** All endpoints of an adapter, each with a fixture. */
export const endpointsOf = (subject: Subject): ReadonlyArray<AskedEndpoint> => {
  const connection = subject.connection()
  const lists = (["list", "detail"] as const)
    .filter((name) => name === "list" || connection.detail !== null)
    .map((name): AskedEndpoint => {
      const fixture = listFixtures(subject).find(
        (candidate) =>
          subject.client(candidate).explain(listQueryOf(candidate) ?? {}).endpoint ===
          connection[name]?.name,
      )
      if (fixture === undefined) throw unshown(connection[name]?.route ?? name)
      return {
        name,
        operation: "list",
        fixture,
        call: (client) => client.page(listQueryOf(fixture) ?? {}),
      }
    })
  if (connection.get === null) return lists
  const [fixture] = getFixtures(subject)
  if (fixture === undefined) throw unshown(connection.get.route)
  return [
    ...lists,
    { name: "get", operation: "get", fixture, call: (client) => client.get(idOf(fixture) ?? "") },
  ]
}

/** Requests an endpoint once, with a response made by the suite. */
export const askWith = async (
  subject: Subject,
  { fixture, call }: AskedEndpoint,
  answer: Pick<Exchange, "status"> & {
    readonly body: string
    readonly headers?: ReadonlyArray<string>
  },
): Promise<unknown> => {
  const connection = subject.connection(fixture)
  const [exchange] = ownExchanges(connection, fixture.exchanges)
  if (exchange === undefined) return undefined
  const { status, body, headers = ["content-type", "application/json"] } = answer
  return replay(
    {
      name: fixture.name,
      exchanges: [{ ...exchange, status, response: body, rawHeaders: headers }],
      now: fixture.now,
      anyAt: connection.baseUrl,
      secrets: subject.secrets,
      repeatsLast: true,
    },
    () =>
      call(
        createClient(withMadeUpIds(connection), {
          name: connectionName,
          transport: { retries: 0 },
        }),
      ),
  )
}

const unshown = (route: string): ContractViolation =>
  new ContractViolation({
    found: `No fixture shows ${route}.`,
    expected: "at least one fixture for each endpoint that the adapter declares",
    why: "An endpoint without a fixture is untested.",
  })
