import { createClient, type Json, type LogPage } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import type { FixtureCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { type Exchange, type Fixture, isErrorFixture, listQueryOf } from "../kit/Fixture.js"
import { asksJoin, type JoinUse, joinsOf, ownExchanges } from "../kit/JoinExchanges.js"
import {
  distinctValuesWithin,
  isArray,
  type JsonPath,
  pathText,
  valuesWithin,
  withValue,
} from "../kit/JsonPath.js"
import { connectionName, type Subject } from "../kit/Subject.js"
import { assertExecution } from "./Outputs.js"

/** Malformed joined rows cost no execution. */
export const joinedRows: FixtureCheck = {
  promise:
    "returns every execution when fields of joined rows are null, missing or of another type",
  appliesTo: (subject, fixture) =>
    !isErrorFixture(fixture) &&
    listQueryOf(fixture) !== null &&
    joinedAnswers(subject.connection(fixture), fixture).length > 0,
  run: async (subject, fixture) => {
    const connection = subject.connection(fixture)
    const asked = new Set<string>()
    const answers = joinedAnswers(connection, fixture)
    const readWith = makeReading(connection, fixture, answers)
    const sound = await readWith(null, asked)
    for (const answer of answers.filter(({ use }) => asked.has(use.join.route))) {
      const { use, rows } = answer
      const wrong = await readWith({ ...answer, rows: [...garbage, ...rows] })
      const lost = garbage.filter(
        (row) => !wrong.rejected.some(({ raw }) => shown(raw) === shown(row)),
      )
      holds(lost.length === 0, () => ({
        found: `${fixture.name}.json: of the rows of ${use.join.route}, ${shown(lost)} were neither used nor rejected.`,
        expected: "each malformed row among the rejected",
        why: "A lost row is a step that nobody misses.",
      }))
      for (const { path, value } of changesOf(subject, fixture, answer)) {
        const changed = rows.map((row) => withValue(row, path, value))
        const page = await readWith({ ...answer, rows: changed })
        const change = `${pathText(path)} ${value === undefined ? "missing" : `set to ${shown(value)}`}`
        holds(page.executions.length === sound.executions.length, () => ({
          found: `${fixture.name}.json, with ${change} in the rows of ${use.join.route}: ${page.executions.length} of ${sound.executions.length} executions were returned; the first rejection: ${shown(page.rejected[0]?.reason)}.`,
          expected: "every execution, with only the malformed rows rejected",
          why: "One malformed step must not cost an execution, let alone a page of them.",
        }))
        for (const execution of page.executions) {
          assertExecution(
            execution,
            `${fixture.name}.json, with ${change} in the rows of ${use.join.route},`,
          )
        }
      }
    }
  },
}

/** A place in the rows and its replacement; undefined to remove it. */
interface Change {
  readonly path: JsonPath
  readonly value: Json | undefined
}

/** The changes to the rows of a response, without those tried on an earlier fixture with the same parts. */
const changesOf = (
  subject: Subject,
  fixture: Fixture,
  { use, rows }: JoinedAnswer,
): ReadonlyArray<Change> => {
  const parts = partsOf(fixture)
  const known = new Set(
    subject.fixtures
      .slice(0, subject.fixtures.indexOf(fixture))
      .filter((earlier) => partsOf(earlier) === parts)
      .flatMap((earlier) => joinedAnswers(subject.connection(earlier), earlier))
      .filter((earlier) => earlier.use.name === use.name)
      .flatMap((earlier) => changeable(earlier.rows).map(({ place }) => place)),
  )
  return changeable(rows)
    .filter(({ place }) => !known.has(place))
    .flatMap(({ path }) => replacements.map((value) => ({ path, value })))
}

const changeable = (rows: ReadonlyArray<Json>) =>
  distinctValuesWithin(rows).filter(({ path }) => path.length <= 3)

/** The includes of a list fixture; null for other fixtures and for empty lists. */
const partsOf = (fixture: Fixture): string | null => {
  const query = isErrorFixture(fixture) ? null : listQueryOf(fixture)
  return query === null ? null : JSON.stringify(query.include ?? [])
}

const garbage: ReadonlyArray<Json> = [null, {}, "garbage", 42, []]

interface JoinedAnswer {
  readonly use: JoinUse
  readonly exchange: Exchange
  readonly rows: ReadonlyArray<Json>
}

/** The responses of a fixture with rows of a join, the first of each join. */
export const joinedAnswers = (
  connection: Connection,
  fixture: Fixture,
): ReadonlyArray<JoinedAnswer> =>
  joinsOf(connection).flatMap((use) => {
    const found = fixture.exchanges.flatMap((exchange) => {
      const rows = rowsOf(use, exchange.response ?? null)
      return asksJoin(connection, use, exchange) && rows.length > 0 ? [{ use, exchange, rows }] : []
    })
    return found.slice(0, 1)
  })

const rowsOf = ({ join }: JoinUse, body: Json): ReadonlyArray<Json> => {
  const page = join.page(body)
  // Parts of a JSON body.
  return page.ok ? (page.value as ReadonlyArray<Json>) : []
}

/** The body of a response with other rows. */
const bodyWith = ({ use, exchange }: JoinedAnswer, rows: ReadonlyArray<Json>): Json => {
  const body = exchange.response ?? null
  if (isArray(body)) return rows
  const [first] = rowsOf(use, body)
  const place = [...valuesWithin(body)].find(({ value }) => isArray(value) && value[0] === first)
  return place === undefined ? body : withValue(body, place.path, rows)
}

/** Reads the first page of a fixture with other rows in one of its joins, and reports which were requested. */
const makeReading = (
  connection: Connection,
  fixture: Fixture,
  answers: ReadonlyArray<JoinedAnswer>,
) => {
  const [own] = ownExchanges(connection, fixture.exchanges)
  return (changed: JoinedAnswer | null, routes = new Set<string>()): Promise<LogPage> => {
    const client = createClient(connection, {
      name: connectionName,
      transport: { retries: 0 },
      fetch: async (input, init) => {
        const url = new URL(String(input))
        const request = { method: init?.method ?? "GET", path: url.pathname }
        const matching = answers.filter(({ use }) => asksJoin(connection, use, request))
        const [answer] = matching
          .filter(({ use }) => use.name === changed?.use.name)
          .concat(matching)
        if (answer === undefined) return Response.json(own?.response ?? null)
        routes.add(answer.use.join.route)
        // Every page of the join gets the same rows: a page without new rows ends it.
        const rows = answer.use.name === changed?.use.name ? changed.rows : answer.rows
        return Response.json(bodyWith(answer, rows))
      },
    })
    return client.page(listQueryOf(fixture) ?? {})
  }
}

const replacements: ReadonlyArray<Json | undefined> = [
  undefined,
  null,
  "",
  "surprise",
  -1,
  true,
  {},
]
