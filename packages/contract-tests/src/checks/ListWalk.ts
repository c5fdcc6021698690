import type { Execution, LogPage, Order } from "@execlog/core"
import type { FixtureCheck } from "../kit/Check.js"
import { ContractViolation, holds, shown } from "../kit/ContractViolation.js"
import { isErrorFixture, listQueryOf } from "../kit/Fixture.js"
import { endpointAnswering } from "../kit/ListEndpoint.js"
import { samplesOf } from "../kit/Samples.js"

const isList: FixtureCheck["appliesTo"] = (_subject, fixture) =>
  listQueryOf(fixture) !== null && !isErrorFixture(fixture)

const idsOf = (pages: ReadonlyArray<LogPage>): ReadonlyArray<string> =>
  pages.flatMap(({ executions }) => executions.map(({ id }) => id))

/** A walk returns each execution once, in list order, and uses every exchange. */
export const walkOnce: FixtureCheck = {
  promise: "returns each execution once, in the provider's order, and ends",
  appliesTo: isList,
  run: async (subject, fixture) => {
    const pages = await subject.pages(fixture)
    const ids = idsOf(pages)
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
    holds(twice.length === 0, () => ({
      found: `${fixture.name}.json gave ${twice.length} executions more than once: ${shown(twice.slice(0, 5))}.`,
      expected:
        "every execution once; does itemId identify the execution, and time.at return its listing time?",
      why: "Counts are wrong, and reactions to an execution run twice.",
    }))
    const executions = pages.flatMap((page) => page.executions)
    assertOrder(executions, listQueryOf(fixture)?.order ?? "newest", `${fixture.name}.json`)
    const rejected = pages.flatMap((page) => page.rejected)
    holds(rejected.length === 0, () => ({
      found: `${fixture.name}.json: ${rejected.length} items were rejected, the first because ${rejected[0]?.reason}.`,
      expected: "every item of a fixture to be read; is the wire schema too strict?",
      why: "A rejected execution is missing from lists and counts.",
    }))
  },
}

/** Listing times have the declared resolution. */
export const listingTicks: FixtureCheck = {
  promise: "has listing times of the declared resolution",
  appliesTo: isList,
  run: async (subject, fixture) => {
    const { tick } = endpointAnswering(subject, fixture).time
    const { items, listedAtOf } = samplesOf(subject, fixture)
    const finer = items.map(listedAtOf).find((at) => at !== null && at % tick !== 0)
    holds(finer === undefined, () => ({
      found: `${fixture.name}.json: an item is listed at ${shown(new Date(finer ?? 0))}, and time.tick is ${tick} ms.`,
      expected: "time.tick to be the resolution of time.at, 1 for milliseconds",
      why: "Windows are cut at ticks: too coarse a tick duplicates or loses rows.",
    }))
  },
}

/** Throws unless executions are in list order. */
export const assertOrder = (
  executions: ReadonlyArray<Execution>,
  order: Order,
  from: string,
): void => {
  const times = executions.map(({ listedAt }) => listedAt?.getTime() ?? 0)
  const displaced = times.findIndex((time, index) => {
    const before = times[index - 1] ?? time
    return order === "oldest" ? time < before : time > before
  })
  holds(displaced === -1, () => ({
    found: `${from}: execution ${executions[displaced]?.id} is out of the order of listedAt.`,
    expected: `${order} first; does time.at return the time by which the provider lists?`,
    why: "Early stops, windows and merged lists rely on this order.",
  }))
}

/** Only the expected warnings are reported. */
export const noWarnings: FixtureCheck = {
  promise: "reports only the warnings that the fixture expects",
  appliesTo: isList,
  run: async (subject, fixture) => {
    const warnings = (await subject.pages(fixture)).flatMap((page) => page.warnings)
    const foreseen = fixture.expect?.warning
    const surprising = warnings.filter(
      (warning) => foreseen === undefined || warning.code !== foreseen,
    )
    holds(surprising.length === 0, () => ({
      found: `${fixture.name}.json was read with the warning: ${surprising[0]?.text}`,
      expected: "no warning: the declaration differs from what the provider does",
      why: "An ignored filter or page size costs a full read of the log, or hides executions.",
    }))
  },
}

/** The cursor of each page resumes with the rest. */
export const cursorAfterPages: FixtureCheck = {
  promise: "resumes after any page from its cursor, with the same rest",
  appliesTo: (subject, fixture) => isList(subject, fixture) && fixture.excerpt !== true,
  run: async (subject, fixture) => {
    const query = listQueryOf(fixture) ?? {}
    const pages = await subject.pages(fixture)
    for (const [index, { next }] of pages.entries()) {
      if (next === null) continue
      const rest = await subject.replay(
        fixture,
        async () => {
          const read: Array<LogPage> = []
          // A new client for each page: only the cursor is shared.
          for (let cursor: string | null = next; cursor !== null;) {
            const page: LogPage = await subject.client(fixture).page(query, cursor)
            read.push(page)
            cursor = page.next
          }
          return read
        },
        { partly: true },
      )
      sameRest(
        `${fixture.name}.json, after page ${index + 1}`,
        idsOf(rest),
        idsOf(pages.slice(index + 1)),
      )
    }
  },
}

/** A cursor inside a page resumes with the rest. */
export const cursorInsidePages: FixtureCheck = {
  promise: "resumes inside a page from an execution's cursor, with the same rest",
  appliesTo: (subject, fixture) => isList(subject, fixture) && fixture.resumed !== undefined,
  run: async (subject, fixture) => {
    const query = listQueryOf(fixture) ?? {}
    const cursors: Array<string> = []
    const ids: Array<string> = []
    await subject.replay(fixture, async (client) => {
      for await (const { execution, cursor } of client.entries(query)) {
        ids.push(execution.id)
        cursors.push(cursor())
      }
    })
    for (const { after, exchanges } of fixture.resumed ?? []) {
      const cursor = cursors[after - 1]
      if (cursor === undefined) {
        throw new ContractViolation({
          found: `${fixture.name}.json has a walk resumed after ${after} executions, but the walk has ${cursors.length}.`,
          expected:
            "a place inside the walk; if the adapter now reads differently, record the fixture again",
          why: "Otherwise the check proves nothing.",
        })
      }
      const rest = await subject.replay(
        fixture,
        async (client) => {
          const read: Array<string> = []
          for await (const { id } of client.executions(query, { cursor })) read.push(id)
          return read
        },
        { exchanges },
      )
      sameRest(`${fixture.name}.json, after execution ${after}`, rest, ids.slice(after))
    }
  },
}

/** Throws unless a resumed walk returned the rest. */
export const sameRest = (
  place: string,
  found: ReadonlyArray<string>,
  expected: ReadonlyArray<string>,
): void => {
  const missing = expected.filter((id) => !found.includes(id))
  const added = found.filter((id) => !expected.includes(id))
  holds(JSON.stringify(found) === JSON.stringify(expected), () => ({
    found: `${place}: ${found.length} executions followed; missing ${shown(missing)}, added ${shown(added)}.`,
    expected: `the ${expected.length} that follow in the whole walk, in its order`,
    why: "An interrupted sync resumes from a cursor.",
  }))
}
