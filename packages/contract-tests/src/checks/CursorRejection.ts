import { AdapterError, createClient, type CursorFault } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import type { AdapterCheck } from "../kit/Check.js"
import { ContractViolation, holds, shown } from "../kit/ContractViolation.js"
import { listQueryOf } from "../kit/Fixture.js"
import { connectionName, listFixtures, type Subject } from "../kit/Subject.js"
import { errorOf } from "./ThrownError.js"

/** Cursors that do not match are rejected with a code that says why. */
export const cursorRejection: AdapterCheck = {
  promise: "rejects a cursor that was altered or is of another connection or query, and says which",
  appliesTo: (subject) => listFixtures(subject).length > 0,
  run: async (subject) => {
    const { cursor, connection, query } = await someCursor(subject)
    const [version, body = "", checksum = ""] = cursor.split(".")
    const middle = Math.floor(body.length / 2)
    const other = body[middle] === "A" ? "B" : "A"
    const altered = `${version}.${body.slice(0, middle)}${other}${body.slice(middle + 1)}.${checksum}`
    const elsewhere = { ...connection, provider: "elsewhere", title: "Elsewhere" }
    const moved = { ...connection, baseUrl: "https://moved.example.com/api" }
    const cases: ReadonlyArray<readonly [string, Connection, string, object, string, CursorFault]> =
      [
        ["an altered cursor", connection, connectionName, query, altered, "altered"],
        [
          "a cursor that was cut off",
          connection,
          connectionName,
          query,
          cursor.slice(0, -4),
          "altered",
        ],
        ["half a cursor", connection, connectionName, query, cursor.slice(0, middle), "malformed"],
        ["a text that is not a cursor", connection, connectionName, query, "42", "malformed"],
        [
          "a cursor of another provider",
          elsewhere,
          connectionName,
          query,
          cursor,
          "other_provider",
        ],
        [
          "a cursor of a connection of another name",
          connection,
          "other",
          query,
          cursor,
          "other_connection",
        ],
        ["a cursor of another base URL", moved, connectionName, query, cursor, "other_server"],
        [
          "a cursor of another query",
          connection,
          connectionName,
          { ...query, pageSize: query.pageSize === 3 ? 2 : 3 },
          cursor,
          "other_query",
        ],
      ]
    for (const [what, at, name, asked, given, fault] of cases) {
      const client = createClient(at, {
        name,
        fetch: () => Promise.reject(new Error("asked the provider")),
      })
      const error = await errorOf(() => client.page(asked, given))
      holds(
        AdapterError.is(error) &&
          error.reason === "InvalidQuery" &&
          error.cursorFault === fault &&
          error.message !== "",
        () => ({
          found: `${what} gave ${shown(error)}.`,
          expected: `InvalidQuery, with the cursorFault ${fault} and a message`,
          why: "A wrong cursor that is accepted silently skips executions.",
        }),
      )
    }
  },
}

const someCursor = async (subject: Subject) => {
  for (const fixture of listFixtures(subject)) {
    const query = listQueryOf(fixture)
    if (query === null) continue
    const [page] = await subject.pages(fixture)
    if (page?.next) return { cursor: page.next, connection: subject.connection(fixture), query }
  }
  throw new ContractViolation({
    found: "No fixture has a first page that is followed by another.",
    expected: "a fixture of several pages, or an excerpt of one",
    why: "Without it, nothing shows whether cursors work.",
  })
}
