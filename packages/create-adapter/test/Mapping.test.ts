import { describe, expect, it } from "vitest"
import type { Json } from "../src/shared/Json.js"
import { line, writtenOf } from "./Drafts.js"
import { executions, executionWith } from "./Samples.js"

describe("fields recognized by name", () => {
  const { adapter, wire } = writtenOf(executions)
  it.each([
    ["id:", "id: String(item.runId),", 1],
    ["providerStatus:", "providerStatus: item.State ?? null,", 0],
    ["startedAt:", "startedAt: Wire.instant.iso(item.started_at),", 0],
    ["finishedAt:", "finishedAt: Wire.instant.iso(item.finishedAt),", 0],
    ["durationMs:", "durationMs: Wire.millisecondsOfSeconds(item.elapsed),", 0],
    ["retryOf:", 'retryOf: Wire.text(item["retry-of"]),', 0],
    ["name:", "name: item.flow?.name,", 0],
    ["trigger:", "trigger: { providerKind: item.mode },", 0],
    ["cost:", "cost: item.cost,", 0],
    ["at:", 'at: (item) => Wire.instant.iso(item["Created-At"]),', 0],
  ])("writes the mapping of %s from a field in any case and style", (_, written) => {
    expect(adapter).toContain(written)
  })

  it("requires the fields an execution needs, and lets all others be null or missing", () => {
    const [, required, others] =
      /Wire\.item\(\n {2}\{(.*?)\n {2}\},\n {2}\{(.*?)\n {2}\},/s.exec(wire) ?? []
    expect(required).toContain("runId: Wire.idOrNumber,")
    expect(required).toContain('"Created-At": Wire.isoTime,')
    expect(others).toContain("started_at: Wire.isoTime,")
    expect(others).toContain("State: Schema.String,")
    expect(others).toContain('"retry-of": Schema.Union([Schema.String, Schema.Finite]),')
  })

  it("reads the message and type of an error object", () => {
    expect(adapter).toContain("error: { message: item.error?.message, type: item.error?.code },")
  })
})

it("writes one mapping for each endpoint, and that of get with that of the list", () => {
  const get = { ...Object(executionWith({})), input: { a: 1 } }
  const { adapter } = writtenOf([executionWith({})], { get })
  expect(adapter).toContain("toExecution: fromList,")
  expect(adapter).toContain("export const fromList = (item: Item): MappedExecution => ({")
  expect(adapter).toContain("toExecution: fromGet,")
  expect(adapter).toContain(
    "export const fromGet = (detail: Detail): MappedExecution => ({\n  ...fromList(detail),",
  )
  expect(adapter).toMatch(
    /import \{[^}]*type MappedExecution[^}]*\} from "@execlog\/core\/adapter"/,
  )
})

it.each(["version", "revision", "rev"])("recognizes the %s of a workflow", (name) => {
  const { adapter } = writtenOf([{ id: "1", workflow: { id: "a", [name]: 3 } }])
  expect(line(adapter, "version:")).toBe(`version: Wire.text(item.workflow?.${name}),`)
})

it("finds an execution inside a wrapper", () => {
  const { adapter } = writtenOf([
    { id: "log-1", created_at: 1763600000, workflow_run: { status: "failed", error: "no" } },
  ])
  expect(adapter).toContain("providerStatus: item.workflow_run?.status ?? null")
  expect(adapter).toContain("error: { message: item.workflow_run?.error },")
})

describe("times", () => {
  it.each([
    ["2026-11-20T10:00:00+01:00", "Wire.isoTime", "Wire.instant.iso(item.created)"],
    [1763600000, "Wire.epochSeconds", "item.created * 1000"],
    [1763600000123, "Wire.epochMilliseconds", "item.created"],
    ["2026-11-20 10:00:00", "Wire.utcTime", "Wire.instant.utc(item.created)"],
  ])("reads the time %s as %s", (created, schema, at) => {
    const { adapter, wire } = writtenOf([{ id: "1", created }])
    expect(line(wire, "created:")).toBe(`created: ${schema},`)
    expect(line(adapter, "at:")).toBe(`at: (item) => ${at},`)
  })

  it("asks for the zone of times that have none", () => {
    expect(writtenOf([{ id: "1", created: "2026-11-20T10:00:00" }]).adapter).toContain('"zone"')
    expect(writtenOf([{ id: "1", created: "2026-11-20T10:00:00Z" }]).adapter).not.toContain(
      '"zone"',
    )
  })

  it("reports whether the list is newest first, oldest first or unordered", () => {
    const at = (...times: ReadonlyArray<number>) =>
      writtenOf(times.map((created, id) => ({ id, created: 1763600000 + created }))).adapter
    expect(at(2, 1)).toContain(", newest first. ")
    expect(at(1, 2)).toContain(", oldest first: request")
    expect(at(1, 3, 2)).toContain("does not show whether")
  })

  it("reports when the list may be ordered by its ids", () => {
    const by = (...ids: ReadonlyArray<string | number>) =>
      writtenOf(ids.map((id, age) => ({ id, created: 1763600000 - age }))).adapter
    const told = "Its ids are numbers in descending order too: if Acme orders by them"
    expect(by(12, 11, 7)).toContain(told)
    expect(by("12", "9")).toContain(told)
    for (const ids of [[11, 12], ["12"], ["b", "a"], [12, 12]]) {
      expect(by(...ids)).not.toContain("Its ids")
    }
  })

  it.each([
    ["started_ms", "startedAt"],
    ["started_at_ms", "startedAt"],
    ["startedMs", "startedAt"],
    ["startTime", "startedAt"],
    ["begun_ts", "startedAt"],
    ["ended_ms", "finishedAt"],
    ["endDate", "finishedAt"],
    ["completedAtMs", "finishedAt"],
    ["completionTime", "finishedAt"],
    ["stop_time_ms", "finishedAt"],
  ])("recognizes %s as %s", (name, part) => {
    const { adapter } = writtenOf([{ id: "1", [name]: 1763600000123 }])
    expect(line(adapter, `${part}:`)).toBe(`${part}: Wire.instant.milliseconds(item.${name}),`)
  })

  it.each(["enqueued_ms", "created_ms", "queuedAt", "requested_at", "submitTime"])(
    "takes %s as the start only when there is no other, and asks",
    (name) => {
      const times = { [name]: 1763600000123 }
      const alone = writtenOf([{ id: "1", ...times }]).adapter
      expect(alone).toContain(`startedAt is read from ${name}`)
      const beside = writtenOf([{ id: "1", ...times, start_ms: 1763600000123 }]).adapter
      expect(line(beside, "startedAt:")).toBe(
        "startedAt: Wire.instant.milliseconds(item.start_ms),",
      )
      expect(line(beside, "at:")).toBe(`at: (item) => item.${name},`)
    },
  )

  it("lists the fields that may be the start or the end when no name shows it", () => {
    const { adapter } = writtenOf([{ id: "1", opened: 1763600000, shut: 1763600001 }])
    expect(adapter).toContain("opened and shut contain times: is one the start?")
    expect(adapter).toContain("opened and shut contain times: is one the end?")
    const { adapter: one } = writtenOf([{ id: "1", start: 1763600000, shut: 1763600001 }])
    expect(one).toContain("shut contains a time: is it the end?")
    const { adapter: none } = writtenOf([{ id: "1" }])
    expect(none).toContain("No field of the sample is recognized as the start. Map")
  })

  it.each<[string, boolean, ReadonlyArray<Json>]>([
    ["milliseconds", false, [1763600000000, 1763500000000]],
    ["ISO text with a fraction", false, ["2026-11-20T10:00:00.000Z"]],
    ["seconds with a fraction", false, [1763600000.5]],
    ["ISO text without a fraction", true, ["2026-11-20T10:00:00Z", "2026-11-20T09:00:00+01:00"]],
    ["seconds", true, [1763600000]],
  ])("drafts and asks for a tick of listing times in %s: %s", (_, ticks, times) => {
    const { adapter } = writtenOf(times.map((created, id) => ({ id, created })))
    expect(line(adapter, "tick:")).toBe(ticks ? "tick: 1000," : undefined)
    expect(adapter.includes("keep tick if Acme stores no fractions")).toBe(ticks)
  })

  it("asks for the longest wait when executions are listed before they start", () => {
    const asks = (fields: { readonly [name: string]: Json }) =>
      writtenOf([{ id: "1", ...fields }]).adapter.includes(
        "since misses executions that start, or end without a start, more than skew after they were listed",
      )
    const time = 1763600000123
    const names = "enqueued_ms createdAt queued requested_at submit_time"
    for (const name of names.split(" ")) {
      expect(asks({ [name]: time, started: time })).toBe(true)
      expect(asks({ [name]: time })).toBe(false)
    }
    expect(asks({ started: time, ended: null })).toBe(false)
    const waiting = [
      { scheduledAt: time, started: null },
      { scheduledAt: time, started: time },
    ]
    expect(writtenOf(waiting).adapter).toContain(
      "Judging by its name, scheduledAt precedes the start",
    )
  })

  it.each(["completion", "stop", "finish"])("takes no null %s as the end", (name) => {
    const { adapter } = writtenOf([{ id: "1", [name]: null }])
    expect(line(adapter, "finishedAt:")).toBe("finishedAt: null,")
  })

  it("does not take a boolean named finished as a time", () => {
    const { adapter } = writtenOf([executionWith({ finishedAt: null, finished: true })])
    expect(adapter).toContain("finishedAt: Wire.instant.iso(item.finishedAt)")
    expect(adapter).toContain("finished: item.finished,")
  })
})

describe("a duration", () => {
  const written = (fields: Parameters<typeof executionWith>[0]) =>
    writtenOf([executionWith(fields)]).adapter
  it.each([
    [
      "in seconds by its size",
      { duration: 5.2 },
      "durationMs: Wire.millisecondsOfSeconds(item.duration)",
    ],
    ["in milliseconds by its size", { duration: 5200 }, "durationMs: item.duration,"],
    ["by its name", { finishedAt: null, durationMs: 5 }, "durationMs: item.durationMs,"],
  ])("reads a duration %s", (_, fields, expected) => {
    expect(written(fields)).toContain(expected)
  })

  it.each([
    ["nothing shows it", { finishedAt: null, duration: 5 }],
    ["it matches neither seconds nor milliseconds", { duration: 80 }],
  ])("asks for the unit of a duration when %s", (_, fields) => {
    expect(written(fields)).toContain('todo(\n  "durationMs"')
    expect(written(fields)).not.toContain("durationMs:")
  })
})

it("writes no duration when no item has it together with start and end", () => {
  const { adapter } = writtenOf([
    executionWith({ duration: 5, finishedAt: null }),
    executionWith({ duration: null }),
  ])
  expect(adapter).not.toContain("durationMs:")
})

it("asks which field of error responses has the message", () => {
  expect(writtenOf(executions).adapter).toContain('todo(\n  "problem"')
})

it("gives attributes distinct names", () => {
  const { adapter } = writtenOf([executionWith({ flow: { id: "f", tags: [] }, flow_tags: "a" })])
  expect(line(adapter, "flow_tags:")).toBe("flow_tags: item.flow_tags,")
  expect(line(adapter, '"flow.tags":')).toBe('"flow.tags": item.flow?.tags,')
})

describe("status words", () => {
  const statuses = (...words: ReadonlyArray<string>) =>
    writtenOf(words.map((status) => executionWith({ status }))).adapter

  it("maps common status words", () => {
    const written = statuses("SUCCEEDED", "timed-out", "Cancelled", "in_progress")
    expect(written).toContain('SUCCEEDED: "succeeded"')
    expect(written).toContain('"timed-out": "timed_out"')
    expect(written).toContain('Cancelled: "canceled"')
    expect(written).toContain('in_progress: "running"')
  })

  it("asks for unknown status words", () => {
    expect(statuses("zonked")).toContain('"statuses.zonked"')
    expect(statuses("zonked")).not.toContain('"succeeded"')
  })

  it("maps completed to succeeded only when a word for failure is there too", () => {
    expect(statuses("completed")).toContain('"statuses.completed"')
    expect(statuses("completed", "failed")).toContain('completed: "succeeded"')
  })
})

it("quotes every text of a sample", () => {
  const { adapter, wire } = writtenOf([
    executionWith({ status: 'a"b\n*/ oops()', 'evil"]: 1, x: [`${oops()}': 1 }),
  ])
  for (const source of [adapter, wire]) {
    expect(source.replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "")).not.toContain("oops")
  }
})
