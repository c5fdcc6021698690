import { createClient, type Execution } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { type Fixture, idOf, listQueryOf } from "../kit/Fixture.js"
import { asksJoin, type JoinUse, ownExchanges } from "../kit/JoinExchanges.js"
import { atInstant } from "../kit/StandingClock.js"
import { connectionName, getFixtures, listFixtures, type Subject } from "../kit/Subject.js"
import { joinedAnswers } from "./JoinedRows.js"
import { assertExecution } from "./Outputs.js"
import { errorOf } from "./ThrownError.js"

/** Executions are returned without joined rows that the key may not read. */
export const deniedJoins: AdapterCheck = {
  promise: "returns every execution when the key may not read the joined rows",
  appliesTo: (subject) => shownUses(subject).length > 0,
  run: async (subject) => {
    for (const { use, fixture } of shownUses(subject)) {
      const [sound, denied] = [
        await readWithout(subject, fixture, null),
        await readWithout(subject, fixture, use),
      ]
      const place = `${fixture.name}.json, where ${use.join.route} answers 403,`
      holds(isRead(sound) && isRead(denied) && denied.length === sound.length, () => ({
        found: `${place} gave ${isRead(denied) ? `${denied.length} executions` : shown(denied)}; without the 403, ${isRead(sound) ? sound.length : shown(sound)}.`,
        expected: "every execution: joined returns undefined for missing rows",
        why: "A key that may read runs but not flows must still get the runs.",
      }))
      for (const [index, execution] of denied.entries()) {
        assertExecution(execution, place)
        const { workflow, parentId } = execution
        const known = sound[index]
        holds(
          (workflow.name === null || workflow.name === known?.workflow.name) &&
            (parentId === null || parentId === known?.parentId),
          () => ({
            found: `${place} returns for execution ${execution.id} ${shown({ workflow, parentId })}, and without the 403 ${shown({ workflow: known?.workflow, parentId: known?.parentId })}.`,
            expected: "null for a missing value",
            why: "A made-up name is worse than none.",
          }),
        )
      }
    }
  },
}

const isRead = (value: unknown): value is ReadonlyArray<Execution> => Array.isArray(value)

interface ShownUse {
  readonly use: JoinUse
  readonly fixture: Fixture
}

/** Each join, with the first list and the first get fixture that contain its rows. */
const shownUses = (subject: Subject): ReadonlyArray<ShownUse> =>
  [listFixtures(subject), getFixtures(subject)].flatMap((fixtures) => {
    const first = new Map<string, ShownUse>()
    for (const fixture of fixtures) {
      for (const { use } of joinedAnswers(subject.connection(fixture), fixture))
        if (!first.has(use.name)) first.set(use.name, { use, fixture })
    }
    return [...first.values()]
  })

/** The executions of a fixture's first page or get, or the error. */
const readWithout = async (
  subject: Subject,
  fixture: Fixture,
  denied: JoinUse | null,
): Promise<unknown> => {
  const connection = subject.connection(fixture)
  const answers = joinedAnswers(connection, fixture)
  const [own] = ownExchanges(connection, fixture.exchanges)
  const client = createClient(connection, {
    name: connectionName,
    transport: { retries: 0 },
    fetch: async (input, init) => {
      const request = { method: init?.method ?? "GET", path: new URL(String(input)).pathname }
      // Two joins may use one route; a key may read all of it or nothing.
      if (denied !== null && asksJoin(connection, denied, request))
        return Response.json({ detail: "Forbidden" }, { status: 403 })
      const answer = answers.find(({ use }) => asksJoin(connection, use, request))
      return Response.json((answer?.exchange ?? own)?.response ?? null)
    },
  })
  const id = idOf(fixture)
  const read = async (): Promise<ReadonlyArray<Execution>> =>
    id === null
      ? (await client.page(listQueryOf(fixture) ?? {})).executions
      : [await client.get(id, { onWarning: () => undefined })]
  let executions: ReadonlyArray<Execution> | null = null
  const error = await errorOf(async () => {
    executions = await atInstant(fixture.now, read)
  })
  return executions ?? error
}
