import { AdapterError } from "@execlog/core"
import { type Fixture, idOf, isErrorFixture, listQueryOf } from "./Fixture.js"
import type { Subject } from "./Subject.js"

/** The result of a fixture, as JSON to compare with the fixture. */
export const snapshotOf = async (subject: Subject, fixture: Fixture): Promise<string> =>
  `${JSON.stringify(await contentOf(subject, fixture), null, 1)}\n`

const contentOf = async (subject: Subject, fixture: Fixture): Promise<unknown> => {
  const id = idOf(fixture)
  if (isErrorFixture(fixture)) {
    try {
      return await subject.replay<unknown>(
        fixture,
        (client) => (id === null ? client.page(listQueryOf(fixture) ?? {}) : client.get(id)),
        { repeatsLast: true },
      )
    } catch (error) {
      if (!AdapterError.is(error)) throw error
      const { reason, message, operation, status, providerMessage, hint } = error
      return { reason, message, operation, status, providerMessage, hint }
    }
  }
  if (id !== null) return subject.replay(fixture, (client) => client.get(id))
  const pages = await subject.pages(fixture)
  return {
    pages: pages.map(({ executions, total }) => ({ executions: executions.length, total })),
    executions: pages.flatMap(({ executions }) => executions),
    rejected: pages.flatMap(({ rejected }) => rejected),
    warnings: pages.flatMap(({ warnings }) => warnings),
  }
}
