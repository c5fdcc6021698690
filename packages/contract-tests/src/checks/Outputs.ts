import { type Execution, Execution as ExecutionSchema, ExecutionFromJson } from "@execlog/core"
import { isDeepStrictEqual } from "node:util"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { FixtureCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { differenceOf } from "../kit/Difference.js"
import { type Fixture, idOf, isRefusal, listQueryOf } from "../kit/Fixture.js"
import { samplesOf } from "../kit/Samples.js"
import { connectionName, type Subject, throwUnread } from "../kit/Subject.js"

const decodeType = Schema.decodeUnknownResult(ExecutionSchema, {
  errors: "all",
  onExcessProperty: "error",
})
const decodeJson = Schema.decodeUnknownResult(ExecutionFromJson)

/** The executions that a fixture gives, of a list or of a get. */
export const executionsOf = async (
  subject: Subject,
  fixture: Fixture,
): Promise<ReadonlyArray<Execution>> => {
  const id = idOf(fixture)
  if (id !== null) {
    const got = subject.replay(fixture, (client) => client.get(id))
    return [await got.catch((error: unknown) => throwUnread(fixture, error))]
  }
  return (await subject.pages(fixture)).flatMap(({ executions }) => executions)
}

/** Throws unless a value is an Execution in every part. */
export const assertExecution = (execution: Execution, from: string): void => {
  const decoded = decodeType(execution)
  holds(Result.isSuccess(decoded), () => ({
    found: `${from} gave what is no Execution: ${Result.isFailure(decoded) ? String(decoded.failure) : ""}`,
    expected: "every part of an Execution, of the type that @execlog/core declares",
    why: "Code that trusts the types breaks far from here.",
  }))
  for (const part of ["startedAt", "finishedAt", "listedAt"] as const) {
    const time = execution[part]
    holds(time === null || !Number.isNaN(time.getTime()), () => ({
      found: `${from} gave ${part} as an invalid Date.`,
      expected: "a time, or null",
      why: "JSON.stringify throws over an invalid Date, and a table shows nothing.",
    }))
  }
}

/** Each output is an Execution, of this adapter and connection. */
export const outputSchema: FixtureCheck = {
  promise: "returns executions that match their type",
  appliesTo: (_subject, fixture) => !isRefusal(fixture),
  run: async (subject, fixture) => {
    for (const execution of await executionsOf(subject, fixture)) {
      assertExecution(execution, `${fixture.name}.json`)
      const { provider, connection, id } = execution
      holds(provider === subject.adapter.id && connection === connectionName && id !== "", () => ({
        found: `${fixture.name}.json gave an execution of provider ${shown(provider)}, connection ${shown(connection)}, id ${shown(id)}.`,
        expected: `provider ${shown(subject.adapter.id)}, connection ${shown(connectionName)} and an id`,
        why: "Executions of several providers stand side by side and must be told apart.",
      }))
      const asked = idOf(fixture)
      holds(asked === null || id === asked, () => ({
        found: `${fixture.name}.json asked for the execution ${asked} and gave ${id}.`,
        expected: "the id by which it was asked for, which is the id that the list gives",
        why: "Whoever looks closer at an execution of a list must find the same one.",
      }))
    }
  },
}

/** A walk knows an item by the id that its execution has. */
export const itemIds: FixtureCheck = {
  promise: "returns the same id from itemId as from toExecution",
  appliesTo: (_subject, fixture) => listQueryOf(fixture) !== null && !isRefusal(fixture),
  run: async (subject, fixture) => {
    const { items, read, idOf: walkId } = samplesOf(subject, fixture)
    for (const item of items) {
      const [execution] = (await read([item])).executions
      holds(execution === undefined || execution.id === walkId(item), () => ({
        found: `${fixture.name}.json: itemId says ${shown(walkId(item))}, and the execution's id is ${shown(execution?.id)}.`,
        expected: "the same id",
        why: "Events of one execution are folded by it, and what was read before is known by it.",
      }))
    }
  },
}

/** Throws unless an execution comes back whole from its JSON. */
export const assertJsonForm = (execution: Execution, from: string): void => {
  const decoded = decodeJson(JSON.parse(JSON.stringify(execution)))
  const back = Result.isSuccess(decoded) ? decoded.success : null
  holds(isDeepStrictEqual(back, execution), () => ({
    found: `${from}: of execution ${execution.id}, as it came back from JSON, ${back === null ? shown(decoded) : differenceOf(back, execution)}.`,
    expected: "the same execution: no -0, undefined or NaN, and nothing but plain data",
    why: "Exports, stores and pipes carry executions as JSON.",
  }))
}

/** Each output comes back whole from its JSON. */
export const jsonForm: FixtureCheck = {
  promise: "returns executions that survive JSON unchanged",
  appliesTo: (_subject, fixture) => !isRefusal(fixture),
  run: async (subject, fixture) => {
    for (const execution of await executionsOf(subject, fixture))
      assertJsonForm(execution, `${fixture.name}.json`)
  },
}

const earliest = Date.UTC(2000, 0, 1)
const dayMs = 86_400_000

/** Throws unless the times of an execution lie where they can lie, and agree with its duration. */
export const assertPlausible = (execution: Execution, from: string, now: string): void => {
  const latest = Date.parse(now) + dayMs
  const { id, startedAt, finishedAt, listedAt, scheduledFor, timestamp, durationMs } = execution
  assertProgress(execution, from)
  const times = { startedAt, finishedAt, listedAt, scheduledFor, timestamp }
  for (const [part, time] of Object.entries(times)) {
    // What is planned is listed before it is due, and counts under when it is.
    const isOfPlan = part !== "startedAt" && part !== "finishedAt"
    const end = isOfPlan ? latest + 365 * dayMs : latest
    holds(time === null || (time.getTime() >= earliest && time.getTime() <= end), () => ({
      found: `${from}: ${part} of execution ${id} is ${shown(time)}.`,
      expected: `a time between 2000 and ${now}; are seconds taken for milliseconds?`,
      why: "Time filters, merging and every table go by these times.",
    }))
  }
  holds(durationMs === null || durationMs >= 0, () => ({
    found: `${from}: execution ${id} lasted ${durationMs} ms.`,
    expected: "a duration of at least 0",
    why: "Sums and averages of durations go wrong.",
  }))
  if (startedAt === null || finishedAt === null) return
  const elapsed = finishedAt.getTime() - startedAt.getTime()
  holds(elapsed >= 0, () => ({
    found: `${from}: execution ${id} finished ${-elapsed} ms before it started.`,
    expected: "startedAt ≤ finishedAt",
    why: "It is never what happened.",
  }))
  if (durationMs === null) return
  const slack = Math.max(2000, elapsed / 10)
  holds(Math.abs(durationMs - elapsed) <= slack, () => ({
    found: `${from}: execution ${id} lasted ${durationMs} ms, and ${elapsed} ms lie between its start and end.`,
    expected: "two figures that agree within 2 s or a tenth; is the provider's unit another?",
    why: "Alerts on slow executions go by the duration.",
  }))
}

/** Throws unless an execution tells of its end what its status says, and counts under the right time. */
const assertProgress = (execution: Execution, from: string): void => {
  const { id, status, startedAt, finishedAt, scheduledFor, timestamp, durationMs } = execution
  const isOpen = status === "queued" || status === "running" || status === "waiting"
  holds(!isOpen || (finishedAt === null && durationMs === null), () => ({
    found: `${from}: execution ${id} is ${status}, ended ${shown(finishedAt)} and lasted ${durationMs} ms.`,
    expected: "no end and no duration until it has ended",
    why: "What has not ended is taken for what has, and never looked at again.",
  }))
  const due = startedAt ?? finishedAt ?? scheduledFor ?? timestamp
  holds(timestamp?.getTime() === due?.getTime(), () => ({
    found: `${from}: execution ${id} counts under ${shown(timestamp)}, and started ${shown(startedAt)}, ended ${shown(finishedAt)}, was due ${shown(scheduledFor)}.`,
    expected: "the start; where there is none the end, else when it was due, else when it was made",
    why: "Periods, orders and every count go by it.",
  }))
}

/** Times lie where they can lie, and agree with durations. */
export const plausibleTimes: FixtureCheck = {
  promise: "returns times and durations that agree with each other and with the clock",
  appliesTo: (_subject, fixture) => !isRefusal(fixture) && fixture.provenance.placeholders !== true,
  run: async (subject, fixture) => {
    for (const execution of await executionsOf(subject, fixture))
      assertPlausible(execution, `${fixture.name}.json`, fixture.now)
  },
}
