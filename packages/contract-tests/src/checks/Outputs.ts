import { isDeepStrictEqual } from "node:util"
import { type Execution, Execution as ExecutionSchema, ExecutionFromJson } from "@execlog/core"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { FixtureCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { differenceOf } from "../kit/Difference.js"
import { type Fixture, idOf, isErrorFixture, listQueryOf } from "../kit/Fixture.js"
import { samplesOf } from "../kit/Samples.js"
import { connectionName, type Subject, throwUnread } from "../kit/Subject.js"

const decodeType = Schema.decodeUnknownResult(ExecutionSchema, {
  errors: "all",
  onExcessProperty: "error",
})
const decodeJson = Schema.decodeUnknownResult(ExecutionFromJson)

/** The executions of a list or get fixture. */
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

/** Throws unless a value is a valid Execution. */
export const assertExecution = (execution: Execution, from: string): void => {
  const decoded = decodeType(execution)
  holds(Result.isSuccess(decoded), () => ({
    found: `${from} gave an invalid Execution: ${Result.isFailure(decoded) ? String(decoded.failure) : ""}`,
    expected: "an Execution as @execlog/core declares it",
    why: "Code that relies on the types breaks elsewhere.",
  }))
  for (const part of ["startedAt", "finishedAt", "listedAt"] as const) {
    const time = execution[part]
    holds(time === null || !Number.isNaN(time.getTime()), () => ({
      found: `${from} gave ${part} as an invalid Date.`,
      expected: "a time, or null",
      why: "JSON.stringify throws on an invalid Date.",
    }))
  }
}

/** Each output is an Execution, of this adapter and connection. */
export const outputSchema: FixtureCheck = {
  promise: "returns executions that match their type",
  appliesTo: (_subject, fixture) => !isErrorFixture(fixture),
  run: async (subject, fixture) => {
    for (const execution of await executionsOf(subject, fixture)) {
      assertExecution(execution, `${fixture.name}.json`)
      const { provider, connection, id } = execution
      holds(provider === subject.adapter.id && connection === connectionName && id !== "", () => ({
        found: `${fixture.name}.json gave an execution of provider ${shown(provider)}, connection ${shown(connection)}, id ${shown(id)}.`,
        expected: `provider ${shown(subject.adapter.id)}, connection ${shown(connectionName)} and an id`,
        why: "Executions of several providers are mixed and must be distinguishable.",
      }))
      const asked = idOf(fixture)
      holds(asked === null || id === asked, () => ({
        found: `${fixture.name}.json asked for the execution ${asked} and gave ${id}.`,
        expected: "the requested id, which is the id in the list",
        why: "Users who open an execution from a list must get the same one.",
      }))
    }
  },
}

/** itemId is the id of the execution. */
export const itemIds: FixtureCheck = {
  promise: "returns the same id from itemId as from toExecution",
  appliesTo: (_subject, fixture) => listQueryOf(fixture) !== null && !isErrorFixture(fixture),
  run: async (subject, fixture) => {
    const { items, read, idOf: walkId } = samplesOf(subject, fixture)
    for (const item of items) {
      const [execution] = (await read([item])).executions
      holds(execution === undefined || execution.id === walkId(item), () => ({
        found: `${fixture.name}.json: itemId says ${shown(walkId(item))}, but the execution's id is ${shown(execution?.id)}.`,
        expected: "the same id",
        why: "It identifies events to fold and items read before.",
      }))
    }
  },
}

/** Throws unless an execution survives JSON unchanged. */
export const assertJsonForm = (execution: Execution, from: string): void => {
  const decoded = decodeJson(JSON.parse(JSON.stringify(execution)))
  const back = Result.isSuccess(decoded) ? decoded.success : null
  holds(isDeepStrictEqual(back, execution), () => ({
    found: `${from}: execution ${execution.id}, read back from JSON: ${back === null ? shown(decoded) : differenceOf(back, execution)}.`,
    expected: "the same execution: plain data without -0, undefined or NaN",
    why: "Exports, stores and pipes transfer executions as JSON.",
  }))
}

/** Each execution survives JSON unchanged. */
export const jsonForm: FixtureCheck = {
  promise: "returns executions that survive JSON unchanged",
  appliesTo: (_subject, fixture) => !isErrorFixture(fixture),
  run: async (subject, fixture) => {
    for (const execution of await executionsOf(subject, fixture))
      assertJsonForm(execution, `${fixture.name}.json`)
  },
}

const earliest = Date.UTC(2000, 0, 1)
const dayMs = 86_400_000

/** Throws unless the times of an execution are plausible and agree with its duration. */
export const assertPlausible = (execution: Execution, from: string, now: string): void => {
  const latest = Date.parse(now) + dayMs
  const { id, startedAt, finishedAt, listedAt, scheduledFor, timestamp, durationMs } = execution
  assertProgress(execution, from)
  const times = { startedAt, finishedAt, listedAt, scheduledFor, timestamp }
  for (const [part, time] of Object.entries(times)) {
    // A planned execution is listed before its scheduled time, which is its timestamp.
    const isOfPlan = part !== "startedAt" && part !== "finishedAt"
    const end = isOfPlan ? latest + 365 * dayMs : latest
    holds(time === null || (time.getTime() >= earliest && time.getTime() <= end), () => ({
      found: `${from}: ${part} of execution ${id} is ${shown(time)}.`,
      expected: `a time between 2000 and ${now}; are seconds taken for milliseconds?`,
      why: "Time filters, merging and every table use these times.",
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
    why: "That cannot have happened.",
  }))
  if (durationMs === null) return
  const slack = Math.max(2000, elapsed / 10)
  holds(Math.abs(durationMs - elapsed) <= slack, () => ({
    found: `${from}: execution ${id} lasted ${durationMs} ms, but ${elapsed} ms lie between its start and end.`,
    expected: "two figures that agree within 2 s or 10 %; does the provider use another unit?",
    why: "Alerts on slow executions use the duration.",
  }))
}

/** Throws unless the end and the timestamp of an execution agree with its status and times. */
const assertProgress = (execution: Execution, from: string): void => {
  const { id, status, startedAt, finishedAt, scheduledFor, timestamp, durationMs } = execution
  const isOpen = status === "queued" || status === "running" || status === "waiting"
  holds(!isOpen || (finishedAt === null && durationMs === null), () => ({
    found: `${from}: execution ${id} is ${status}, ended ${shown(finishedAt)} and lasted ${durationMs} ms.`,
    expected: "no end and no duration until it has ended",
    why: "An unfinished execution with an end counts as finished and is never requested again.",
  }))
  const due = startedAt ?? finishedAt ?? scheduledFor ?? timestamp
  holds(timestamp?.getTime() === due?.getTime(), () => ({
    found: `${from}: execution ${id} has the timestamp ${shown(timestamp)}, startedAt ${shown(startedAt)}, finishedAt ${shown(finishedAt)} and scheduledFor ${shown(scheduledFor)}.`,
    expected:
      "the start as timestamp, else the end, else the scheduled time, else the time of creation",
    why: "Periods, orders and all statistics use it.",
  }))
}

/** Times are plausible and agree with durations. */
export const plausibleTimes: FixtureCheck = {
  promise: "returns times and durations that agree with each other and with the clock",
  appliesTo: (_subject, fixture) =>
    !isErrorFixture(fixture) && fixture.provenance.placeholders !== true,
  run: async (subject, fixture) => {
    for (const execution of await executionsOf(subject, fixture))
      assertPlausible(execution, `${fixture.name}.json`, fixture.now)
  },
}
