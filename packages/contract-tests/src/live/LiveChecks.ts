import { isDeepStrictEqual } from "node:util"
import { AdapterError, createClient, type Execution, type Warning } from "@execlog/core"
import { gistBeside } from "../checks/Filtering.js"
import { assertOrder } from "../checks/ListWalk.js"
import { assertExecution, assertJsonForm, assertPlausible } from "../checks/Outputs.js"
import { assertWordsKnown } from "../checks/StatusWords.js"
import { errorOf } from "../checks/ThrownError.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { findLeak } from "../kit/SecretSearch.js"
import { connectionName } from "../kit/Subject.js"
import { unknownIdLike, withWrongKey } from "../recording/UnknownCaller.js"
import { largestPage } from "./LargestPage.js"
import type { LiveCheck } from "./LiveCheck.js"
import { compareLive } from "./LiveComparison.js"
import { entriesOf, goesOn, smallPages } from "./LiveFilters.js"

const always = (): boolean => true

/** Executions match their type. */
const outputs: LiveCheck = {
  promise: "returns executions that match their type and survive JSON unchanged",
  appliesTo: always,
  run: async (live) => {
    const now = new Date().toISOString()
    for (const { endpoint, first } of live.endpoints) {
      for (const execution of first.executions) {
        assertExecution(execution, endpoint.route)
        assertJsonForm(execution, endpoint.route)
        assertPlausible(execution, endpoint.route, now)
      }
      const rejected = first.pages.flatMap((page) => page.rejected)
      holds(rejected.length === 0, () => ({
        found: `${endpoint.route}: ${rejected.length} items were rejected, the first because ${rejected[0]?.reason}: ${shown(rejected[0]?.raw)}.`,
        expected: "every item of the server to be read; is the wire schema too strict?",
        why: "A rejected execution is missing from lists and counts.",
      }))
    }
  },
}

/** The server's status words are mapped. */
const statuses: LiveCheck = {
  promise: "maps every status word that the server uses",
  appliesTo: always,
  run: async ({ endpoints, connection }) => {
    for (const { endpoint, first } of endpoints) {
      assertWordsKnown(connection.statuses, first.executions, endpoint.route)
    }
  },
}

/** Core's warning that the server ignores the page size. */
const isOfSize = ({ code }: Warning): boolean => code === "page_size_ignored"

/** Small pages return the same as large ones. */
const pages: LiveCheck = {
  promise: "returns each execution once, in the provider's order, by small pages as by large ones",
  appliesTo: always,
  run: async (live) => {
    for (const place of live.endpoints) {
      const { base, endpoint } = place
      const before = await live.read(base)
      const { query, read } = smallPages(live, place)
      const small = await read()
      const after = await live.read(base)
      const unheeded = small.pages.flatMap(({ warnings }) => warnings).find(isOfSize)
      holds(unheeded === undefined, () => ({
        found: `${endpoint.route}, by pages of ${query.pageSize}: ${unheeded?.text}`,
        expected: `pages of ${query.pageSize}; is ${shown(endpoint.pagination.size)} the provider's name of the page size?`,
        why: "pageSize and maxPageSize have no effect, and pages may be truncated.",
      }))
      const ids = small.executions.map(({ id }) => id)
      const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
      const isExact = live.client.explain(query).consistency === "exact"
      const isStill = isDeepStrictEqual(before.executions, after.executions)
      holds((!isExact && !isStill) || twice.length === 0, () => ({
        found: `${endpoint.route}, by pages of ${query.pageSize}, gave ${shown(twice.slice(0, 5))} more than once.`,
        expected:
          "every execution once; does itemId identify the execution, and time.at return its listing time?",
        why: "Counts are wrong, and reactions to an execution run twice.",
      }))
      assertOrder(small.executions, "newest", `${endpoint.route}, by pages of ${query.pageSize}`)
      const { missing, added } = compareLive(base, small, before, after)
      const lost = isExact || isStill ? missing : []
      holds(lost.length === 0 && added.length === 0, () => ({
        found: `${endpoint.route}, by pages of ${query.pageSize}, left out ${shown(lost.map(({ id }) => id))} and added ${shown(added.map(({ id }) => id))}.`,
        expected: `what pages of ${endpoint.maxPageSize} gave before and after`,
        why: "Paging goes wrong between pages, and nowhere else.",
      }))
    }
  },
}

/** A cursor after any execution works on the server. */
const resuming: LiveCheck = {
  promise: "resumes from the cursor of an execution, at the end of a page and inside one",
  appliesTo: always,
  run: async (live) => {
    for (const place of live.endpoints) {
      const { query } = smallPages(live, place)
      const entries = await entriesOf(live, query, place.first.executions.length)
      const places = [query.pageSize, query.pageSize + 1, Math.ceil(entries.length / 2)]
      for (const after of new Set(places.filter((count) => count < entries.length))) {
        const due = entries.slice(after).map(({ id }) => id)
        const rest = await goesOn(live, query, entries[after - 1]?.cursor ?? "", due.length)
        const listed = (await live.read(place.base)).executions.map(({ id }) => id)
        const missing = due.filter((id) => listed.includes(id) && !rest.includes(id))
        const isExact = live.client.explain(query).consistency === "exact"
        const given = entries.slice(0, after).map(({ id }) => id)
        const again = isExact ? rest.filter((id) => given.includes(id)) : []
        const lost =
          isExact ||
          isDeepStrictEqual(
            listed.slice(0, entries.length),
            entries.map(({ id }) => id),
          )
            ? missing
            : []
        holds(lost.length === 0 && again.length === 0, () => ({
          found: `${place.endpoint.route}, after execution ${after} of ${entries.length}: the rest omitted ${shown(lost)} and repeated ${shown(again)}.`,
          expected: "the rest of the whole walk, and nothing from before",
          why: "An interrupted sync resumes from a cursor.",
        }))
      }
    }
  },
}

/** `get` returns the same as the list. */
const gets: LiveCheck = {
  promise: "returns the same execution by list and by get",
  appliesTo: ({ connection }) => connection.get !== null,
  run: async (live) => {
    const before = (await live.read({})).executions
    // The newest of each status.
    const chosen = [...new Map(before.toReversed().map((one) => [one.status, one])).values()]
    const got = new Map<string, unknown>()
    for (const { id } of chosen) {
      got.set(id, await live.client.get(id).catch((error: unknown) => error))
    }
    const after = new Map((await live.read({})).executions.map((one) => [one.id, one]))
    const gist = gistBeside(before)
    for (const one of chosen) {
      const later = after.get(one.id)
      // Executions deleted or changed in the meantime prove nothing.
      if (later === undefined || !isDeepStrictEqual(one, later)) continue
      const given = got.get(one.id)
      holds(!(given instanceof Error), () => ({
        found: `get ${one.id}, which is in the list, failed with ${shown(given)}.`,
        expected: "the execution; does this endpoint accept this id?",
        why: "Users open executions that they find in a list.",
      }))
      const same = isExecution(given) && given.id === one.id
      holds(same && isDeepStrictEqual(gist(given), gist(one)), () => ({
        found: `get ${one.id} returns ${shown(isExecution(given) ? { id: given.id, ...gist(given) } : given)}.`,
        expected: `${shown({ id: one.id, ...gist(one) })}, as the list does`,
        why: "Users who open an execution from a list must get the same one.",
      }))
    }
  },
}

const isExecution = (value: unknown): value is Execution =>
  typeof value === "object" && value !== null && "id" in value && "status" in value

/** An unknown id is NotFound. */
const unknownId: LiveCheck = {
  promise: "fails with NotFound for an id that no execution has",
  appliesTo: ({ connection }) => connection.get !== null,
  run: async (live) => {
    const [known] = live.endpoints.flatMap(({ first }) => first.executions)
    const id = known === undefined ? null : unknownIdLike(live.connection, known.id)
    if (id === null) return
    const error = await errorOf(() => live.client.get(id))
    holds(AdapterError.is(error) && error.reason === "NotFound", () => ({
      found: `get ${id} gave ${shown(error)}.`,
      expected:
        "an AdapterError of the reason NotFound: by get.isMissing for a success, by the reason of problem for an error; if the server rejects ids of this shape, declare the valid shape in get.id",
      why: "A script must distinguish a deleted execution from a failure.",
    }))
  },
}

/** A wrong key is Authentication. */
const wrongKey: LiveCheck = {
  promise: "fails with Authentication for a wrong key, if the server requires one",
  appliesTo: ({ connection }) => withWrongKey(connection) !== null,
  run: async ({ connection, over }) => {
    const stranger = withWrongKey(connection)
    if (stranger === null) return
    const client = createClient(stranger, { name: connectionName, ...over })
    const error = await errorOf(() => client.page({ pageSize: 1 }))
    const isOpen = !(error instanceof Error)
    holds(isOpen || (AdapterError.is(error) && error.reason === "Authentication"), () => ({
      found: `A wrong key gave ${shown(error)}.`,
      expected: "an AdapterError of the reason Authentication; see problem of the adapter",
      why: "Users who mistype a key must learn that, not that the provider is down.",
    }))
  },
}

/** The key is in no result. */
const secretsKept: LiveCheck = {
  promise: "shows the key in no execution, cursor, plan, error or printed connection",
  appliesTo: ({ secrets }) => secrets.length > 0,
  run: async (live) => {
    const { client, connection, endpoints } = live
    const [known] = endpoints.flatMap(({ first }) => first.executions)
    const id = known === undefined ? null : unknownIdLike(connection, known.id)
    const values: Record<string, unknown> = { "the connection": connection }
    for (const { name, base, first } of endpoints) {
      values[`the plan of ${name}`] = client.explain(base)
      values[`the pages of ${name}`] = first.pages
    }
    if (connection.get !== null && known !== undefined) {
      values["the answer of get"] = await client.get(known.id).catch((error: unknown) => error)
      if (id !== null) values["the error of get"] = await errorOf(() => client.get(id))
    }
    const leak = findLeak(values, live.secrets)
    holds(leak === null, () => ({
      found: `The key is in ${leak?.what}: …${leak?.before}KEY…`,
      expected: "the key in the header of the request, and nowhere else",
      why: "Logs and bug reports reach people who must not have the key.",
    }))
  },
}

/** The checks against the server itself. */
export const liveChecks = {
  outputs,
  statuses,
  pages,
  largestPage,
  resuming,
  gets,
  unknownId,
  wrongKey,
  secretsKept,
} satisfies { readonly [name: string]: LiveCheck }
