import { type Execution, type Include, type Json, type Rejected, createClient } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import { ContractViolation, holds, shown } from "./ContractViolation.js"
import { type Fixture, idOf, listQueryOf } from "./Fixture.js"
import { elementsOf, type ItemPlace, placeOfItems } from "./ItemPlace.js"
import { ownExchanges, withMadeUpIds, withoutJoins } from "./JoinExchanges.js"
import { shapeOf, withValue } from "./JsonPath.js"
import { endpointAnswering, endpointNamed } from "./ListEndpoint.js"
import { connectionName, type Subject } from "./Subject.js"

/** The outcome of reading items: each is mapped or rejected. */
export interface ReadItems {
  readonly executions: ReadonlyArray<Execution>
  readonly rejected: ReadonlyArray<Rejected>
}

/** Items of a fixture, and a way to read changed ones by its endpoint. */
export interface Samples {
  /** Some items of different shapes. */
  readonly items: ReadonlyArray<Json>
  /** Reads items as one page of the endpoint, without joins. Throws a ContractViolation if one is lost. */
  readonly read: (items: ReadonlyArray<Json>, connection?: Connection) => Promise<ReadItems>
  /** The id of an item in walks; null if it has none. */
  readonly idOf: (item: Json) => string | null
  /** The listing time of an item, in milliseconds; null if it has none. */
  readonly listedAtOf: (item: Json) => number | null
}

const mostSamples = 6

/** The samples of a fixture. */
export const samplesOf = (subject: Subject, fixture: Fixture): Samples => {
  const connection = subject.connection(fixture)
  const bodies = ownExchanges(connection, fixture.exchanges)
    .filter(({ status }) => status === 200)
    .map(({ response }) => response ?? null)
  const query = listQueryOf(fixture)
  if (query === null) {
    return {
      items: distinct(bodies),
      read: (items, other = connection) => readGets(fixture, withoutJoins(other), items),
      idOf: () => null,
      listedAtOf: () => null,
    }
  }
  const { name } = endpointAnswering(subject, fixture)
  const endpointOf = (of: Connection) => endpointNamed(of, name)
  const include = query.include ?? []
  const pages = bodies.map((body) => pageOf(fixture, endpointOf(connection), body))
  const [page] = pages.filter(({ items }) => items.length > 0)
  const decode = (item: Json) => endpointOf(connection).item(item)
  return {
    idOf: (item) => {
      const decoded = decode(item)
      return decoded.ok ? decoded.id : null
    },
    listedAtOf: (item) => {
      const decoded = decode(item)
      return decoded.ok ? decoded.at : null
    },
    items: distinct(pages.flatMap(({ items }) => items)),
    read: (items, other = connection) => {
      if (page === undefined || page.place === null) return Promise.resolve(nothing)
      const { list, within } = page.place
      const elements = items.map((item) =>
        within.length === 0 ? item : withValue(page.elements[0] ?? null, within, item),
      )
      const body = withValue(page.body, list, elements)
      const bare = withMadeUpIds(withoutJoins(other))
      return readPage(bare, endpointOf(bare), body, items, include)
    },
  }
}

const nothing: ReadItems = { executions: [], rejected: [] }

const distinct = (items: ReadonlyArray<Json>): ReadonlyArray<Json> =>
  [...new Map(items.map((item) => [shapeOf(item), item])).values()].slice(0, mostSamples)

interface SamplePage {
  readonly body: Json
  readonly items: ReadonlyArray<Json>
  /** The path of the array of elements, and that of the item within an element. */
  readonly place: ItemPlace | null
  readonly elements: ReadonlyArray<Json>
}

const pageOf = (fixture: Fixture, endpoint: Connection["list"], body: Json): SamplePage => {
  const page = endpoint.page(body)
  holds(page.ok, () => ({
    found: `${endpoint.route} does not read the page of ${fixture.name}: ${page.ok ? "" : page.reason}.`,
    expected: "every page of the fixtures to be read",
    why: "A page that cannot be decoded loses all its executions.",
  }))
  if (page.value.items.length === 0) return { body, items: [], place: null, elements: [] }
  const place = placeOfItems(endpoint, body)
  holds(place !== null, () => ({
    found: `The items that ${endpoint.route} reads are not those of the response: ${shown(page.value.items[0])}.`,
    expected: "info to return the items of the response unchanged",
    why: "Rejected items and raw must show what the provider sent.",
  }))
  // Parts of the JSON body.
  const items = page.value.items as ReadonlyArray<Json>
  return { body, items, place, elements: elementsOf(body, place) }
}

/** Reads one page that ends the walk, without folding or filtering. */
const readPage = async (
  connection: Connection,
  endpoint: Connection["list"],
  body: Json,
  items: ReadonlyArray<Json>,
  include: ReadonlyArray<Include>,
): Promise<ReadItems> => {
  const page = endpoint.page(body)
  const given = page.ok ? page.value.items : []
  holds(given.length === items.length, () => ({
    found: `${endpoint.route} got ${items.length} items and returned ${given.length}.`,
    expected: "every item of the response, including malformed ones",
    why: "Nobody notices an execution that is dropped before it is read.",
  }))
  const read = async (rows: ReadonlyArray<unknown>): Promise<ReadItems> => {
    let count = 0
    const bare: Connection = {
      ...connection,
      detail: null,
      list: {
        ...endpoint,
        fold: null,
        // Distinct ids: variants of one item would otherwise be duplicates.
        item: (raw) => {
          const decoded = endpoint.item(raw)
          return decoded.ok ? { ...decoded, id: `${decoded.id} ${count++}` } : decoded
        },
        page: () => ({ ok: true, value: { items: rows, more: false, total: null, next: null } }),
      },
    }
    const client = createClient(bare, {
      name: connectionName,
      fetch: async () => Response.json({}),
      transport: { retries: 0 },
    })
    const page = await client.page({ include, planned: true })
    // Core rejects an item on which the adapter throws; a sound adapter never throws.
    const failed = page.rejected.find(({ cause }) => cause === "adapter")
    if (failed !== undefined) throw new Error(failed.reason)
    // Without the page, whose time of request differs between readings.
    return { executions: page.executions, rejected: page.rejected }
  }
  return read(given).catch(async () => nameCulprit(endpoint.route, items, (item) => read([item])))
}

const readGets = async (
  fixture: Fixture,
  connection: Connection,
  bodies: ReadonlyArray<Json>,
): Promise<ReadItems> => {
  const executions: Array<Execution> = []
  const rejected: Array<Rejected> = []
  const get = connection.get
  if (get === null) return nothing
  for (const [index, raw] of bodies.entries()) {
    // The provider's way to report a missing execution counts as a rejection.
    const decoded = get.item(raw)
    if (!decoded.ok || decoded.value === null) {
      const reason = decoded.ok ? "there is no such execution" : decoded.reason
      rejected.push({
        provider: connection.provider,
        connection: connectionName,
        id: null,
        index,
        isJoined: false,
        cause: "item",
        issues: [],
        reason,
        raw,
        places: [],
      })
      continue
    }
    const client = createClient(connection, {
      name: connectionName,
      fetch: async () => Response.json(raw),
    })
    executions.push(
      await client
        .get(idOf(fixture) ?? "")
        .catch((cause: unknown) => throwCulprit(get.route, raw, cause)),
    )
  }
  return { executions, rejected }
}

const nameCulprit = async (
  route: string,
  items: ReadonlyArray<Json>,
  read: (item: Json) => Promise<ReadItems>,
): Promise<never> => {
  for (const item of items)
    await read(item).catch((cause: unknown) => throwCulprit(route, item, cause))
  throw new Error(`${route} throws on a page of items, but on none of them alone.`)
}

const throwCulprit = (route: string, item: Json, cause: unknown): never => {
  throw new ContractViolation({
    found: `${route} throws on the item ${shown(item)}: ${cause instanceof Error ? cause.message : shown(cause)}.`,
    expected: "an item that fits the wire schema mapped, and any other rejected with a reason",
    why: "One malformed item must not cost the other 99.",
    cause,
  })
}
