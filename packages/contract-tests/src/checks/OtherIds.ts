import { createClient, type Execution, type Json } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { type JsonPath, pathText, valuesWithin, withValue } from "../kit/JsonPath.js"
import { connectionName, listFixtures, type Subject } from "../kit/Subject.js"
import { type ItemServer, itemServers } from "./ItemServer.js"
import { errorOf } from "./ThrownError.js"

/** Ids of other shapes, in descending order. */
const shapes: { readonly [shape: string]: (place: number) => Json } = {
  "a number": (place) => 9_007_199_254_740_000 - place,
  "a UUID": (place) => `0199f3a0-${String(9 - place).padStart(4, "0")}-7000-8000-00000000000a`,
  "a long text": (place) => `${9 - place}/ä ?#%&+"${"x".repeat(200)}`,
}

/** Ids of any shape are returned unchanged, or rejected with a reason. */
export const otherIds: AdapterCheck = {
  promise: "accepts ids of another shape in lists, cursors and get, or says why not",
  appliesTo: (subject) => listFixtures(subject).length > 0,
  run: async (subject) => {
    for (const server of itemServers(subject)) {
      const place = await placeOfId(server)
      if (place === null) continue
      for (const [shape, idAt] of Object.entries(shapes)) {
        const items = [0, 1, 2].map((at) => withValue(place.item, place.path, idAt(at)))
        const { executions, rejected } = await server.read({}, { items })
        const what = `${server.route}, with ${shape} in ${pathText(place.path)},`
        const silent = rejected.find(({ reason }) => reason.trim().length < 4)
        holds(executions.length + rejected.length === 3 && silent === undefined, () => ({
          found: `${what} gave ${executions.length} of 3 executions and rejected ${rejected.length}: ${shown(silent?.reason)}.`,
          expected: "each returned, or rejected with a reason",
          why: "Nothing may disappear when the provider changes the shape of its ids.",
        }))
        if (rejected.length > 0) continue
        const ids = executions.map(({ id }) => id)
        const expected = [0, 1, 2].map((at) => String(idAt(at)))
        holds(shown(ids) === shown(expected), () => ({
          found: `${what} gave the ids ${shown(ids)}.`,
          expected: shown(expected),
          why: "The provider does not know a changed id.",
        }))
        await assertResumed(server, items, executions, what)
        await assertAsked(subject, ids[0] ?? "", what)
      }
    }
  },
}

/** Where an item of the list has its id. */
const placeOfId = async (
  server: ItemServer,
): Promise<{ readonly item: Json; readonly path: JsonPath } | null> => {
  for (const item of server.items) {
    const decoded = server.endpoint.item(item)
    if (!decoded.ok) continue
    const places = [...valuesWithin(item)].filter(({ value }) => String(value) === decoded.id)
    for (const { path } of places) {
      const changed = server.endpoint.item(withValue(item, path, `${decoded.id}1`))
      if (!changed.ok || changed.id !== decoded.id) return { item, path }
    }
  }
  return null
}

/** The cursor of the first execution resumes with the others. */
const assertResumed = async (
  { client, base }: ItemServer,
  items: ReadonlyArray<Json>,
  executions: ReadonlyArray<Execution>,
  what: string,
): Promise<void> => {
  const query = { ...base, planned: true }
  const cursors: Array<string> = []
  for await (const { cursor } of client({ items }).entries(query)) cursors.push(cursor())
  const rest: Array<string> = []
  for await (const { id } of client({ items }).executions(query, { cursor: cursors[0] ?? null }))
    rest.push(id)
  const expected = executions.slice(1).map(({ id }) => id)
  holds(shown(rest) === shown(expected), () => ({
    found: `${what} gave ${shown(rest)} after the cursor of the first.`,
    expected: shown(expected),
    why: "An interrupted sync resumes from a cursor.",
  }))
}

/** `get` rejects the id with a reason, or sends it encoded. */
const assertAsked = async (subject: Subject, id: string, what: string): Promise<void> => {
  const connection = subject.connection()
  if (connection.get === null || connection.get.checkId(id) !== null) return
  const requests: Array<string> = []
  const client = createClient(connection, {
    name: connectionName,
    transport: { retries: 0 },
    fetch: (input) => {
      requests.push(String(input))
      return Promise.reject(new Error("not sent"))
    },
  })
  await errorOf(() => client.get(id))
  const url = new URL(requests[0] ?? connection.baseUrl)
  const texts = [...url.pathname.split("/").map(decodeURIComponent), ...url.searchParams.values()]
  holds(
    texts.some((text) => text === id),
    () => ({
      found: `${what} gives the execution ${shown(id)}, and get requests ${url.href}.`,
      expected: "the id as one path segment or parameter: encodeURIComponent(id)",
      why: "An unencoded id requests something else.",
    }),
  )
}
