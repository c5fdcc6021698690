import { openSync, writeSync, closeSync } from "node:fs"
import { join } from "node:path"
import type { Execution } from "@execlog/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parquetWriter } from "../src/formats/Parquet.js"
import { bareExecution } from "./BareExecution.js"
import { directoryWith } from "./Execlog.js"
import { generatedExecution } from "./GeneratedExecution.js"
import { asked, type Row } from "./ParquetFile.js"

const directory = directoryWith({})
let files = 0

/** Writes executions to a new file. */
const written = async (executions: Iterable<Execution>, warnings: Array<string> = []) => {
  const file = join(directory, `it's ${files++}.parquet`)
  const descriptor = openSync(file, "w")
  const write = async (data: string | Uint8Array) => {
    if (typeof data === "string") throw new Error("Parquet is no text")
    writeSync(descriptor, data)
  }
  const output = { isTerminal: false, columns: null, hasColors: false, write }
  const writer = parquetWriter(output, (warning) => warnings.push(warning))
  for (const execution of executions) await writer.write(execution)
  await writer.end()
  closeSync(descriptor)
  return file
}

/** The expected row of an execution; JSON as text. */
const rowOf = (execution: Execution): Row => ({
  provider: execution.provider,
  connection: execution.connection,
  id: execution.id,
  workflow_id: execution.workflow.id,
  workflow_name: execution.workflow.name,
  workflow_version: execution.workflow.version,
  status: execution.status,
  provider_status: execution.providerStatus,
  started_at: milliseconds(execution.startedAt),
  finished_at: milliseconds(execution.finishedAt),
  listed_at: milliseconds(execution.listedAt),
  duration_ms: execution.durationMs,
  error_message: execution.error?.message ?? null,
  error_type: execution.error?.type ?? null,
  error_step_id: execution.error?.stepId ?? null,
  trigger_kind: execution.trigger.kind,
  trigger_provider_kind: execution.trigger.providerKind,
  actor_kind: execution.actor?.kind ?? null,
  actor_id: execution.actor?.id ?? null,
  actor_name: execution.actor?.name ?? null,
  actor_email: execution.actor?.email ?? null,
  retry_of: execution.retryOf,
  parent_id: execution.parentId,
  total_tokens: whole(execution.usage.totalTokens),
  total_steps: whole(execution.usage.totalSteps),
  url: execution.url,
  attributes: JSON.stringify(execution.attributes),
  steps: jsonOrNull(execution.steps),
  inputs: jsonOrNull(execution.inputs),
  outputs: jsonOrNull(execution.outputs),
  raw: jsonOrNull(execution.raw),
  timestamp: milliseconds(execution.timestamp),
  scheduled_for: milliseconds(execution.scheduledFor),
  attempt: whole(execution.attempt),
  tags: JSON.stringify(execution.tags),
})

const milliseconds = (instant: Date | null) => whole(instant?.getTime() ?? null)
const whole = (value: number | null) => (value === null ? null : BigInt(value))
const jsonOrNull = (value: unknown) => (value === undefined ? null : JSON.stringify(value))

const instants = ["started_at", "finished_at", "listed_at", "timestamp", "scheduled_for"]
const rows = `select * replace (${instants.map((name) => `epoch_ms(${name}) as ${name}`).join(", ")}) from $file`

/** The rows, with JSON rewritten by JSON.stringify, because the file escapes more than necessary. */
const rowsIn = async (file: string): Promise<ReadonlyArray<Row>> =>
  (await asked(rows, file)).map((row) => ({
    ...row,
    ...Object.fromEntries(
      ["attributes", "steps", "inputs", "outputs", "raw", "tags"].map((name) => {
        const value = row[name]
        return [name, typeof value === "string" ? JSON.stringify(JSON.parse(value)) : value]
      }),
    ),
  }))

describe("parquetWriter", () => {
  it("gives each column a type, even without rows", async () => {
    const file = await written([])
    const described = await asked("describe select * from $file", file)
    const types = Object.groupBy(described, ({ column_type: type }) => String(type))
    const names = (type: string) => types[type]?.map(({ column_name: name }) => name)
    expect(described.map(({ column_name: name }) => name)).toEqual(
      Object.keys(rowOf(bareExecution)),
    )
    expect(names("TIMESTAMP WITH TIME ZONE")).toEqual(instants)
    expect(names("DOUBLE")).toEqual(["duration_ms"])
    expect(names("BIGINT")).toEqual(["total_tokens", "total_steps", "attempt"])
    expect(Object.keys(types).toSorted()).toEqual([
      "BIGINT",
      "DOUBLE",
      "TIMESTAMP WITH TIME ZONE",
      "VARCHAR",
    ])
    expect(await asked("select * from $file", file)).toEqual([])
  })

  it("writes all fields of an execution", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(generatedExecution, { maxLength: 12 }), async (executions) => {
        expect(await rowsIn(await written(executions))).toEqual(executions.map(rowOf))
      }),
      { numRuns: 60 },
    )
  })

  it("keeps the order of executions over several row groups", async () => {
    const executions = Array.from({ length: 25_001 }, (_, index) => ({
      ...bareExecution,
      id: `id-${index}`,
      usage: { totalTokens: index, totalSteps: null },
    }))
    const file = await written(executions)
    const found = await asked("select id, total_tokens from $file", file)
    expect(found).toEqual(
      executions.map(({ id, usage }) => ({ id, total_tokens: BigInt(usage.totalTokens) })),
    )
    expect(await rowGroups(file)).toEqual([10_000n, 10_000n, 5001n])
  })

  it("writes smaller row groups of longer texts", async () => {
    const long = Array.from({ length: 5 }, (_, index) => ({
      ...bareExecution,
      inputs: String(index).repeat(3_000_000),
    }))
    const file = await written(long)
    expect(await rowGroups(file)).toEqual([3n, 2n])
    expect(await asked("select inputs from $file", file)).toEqual(
      long.map(({ inputs }) => ({ inputs: JSON.stringify(inputs) })),
    )
  })

  it("leaves a cell empty when a count is not a whole number, and warns once", async () => {
    const counts = [1.5, 2 ** 63, -(2 ** 63), 7]
    const warnings: Array<string> = []
    const file = await written(
      counts.map((totalTokens) => ({ ...bareExecution, usage: { totalTokens, totalSteps: null } })),
      warnings,
    )
    expect(await asked("select total_tokens from $file", file)).toEqual(
      [null, null, -(2n ** 63n), 7n].map((count) => ({ total_tokens: count })),
    )
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain("total_tokens of execution 1 is 1.5")
  })
})

const rowGroups = async (file: string) =>
  (
    await asked(
      "select distinct row_group_id, row_group_num_rows as rows from parquet_metadata($file) order by 1",
      file,
    )
  ).map(({ rows: count }) => count)
