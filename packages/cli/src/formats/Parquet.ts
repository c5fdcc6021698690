import type { Execution } from "@execlog/core"
import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer"
import type { Output } from "../session/Output.js"
import { terminalJson } from "../text/TerminalText.js"
import { type ExecutionColumn, executionColumns } from "./ExecutionColumns.js"
import type { ExecutionWriter } from "./Writer.js"

// The limits of a row group, which is held in memory until it is complete.
const rowsOfGroup = 10_000
const charactersOfGroup = 8_000_000

const types: Readonly<Record<ExecutionColumn["kind"], Omit<SchemaElement, "name">>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  instant: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
  number: { type: "DOUBLE" },
  count: { type: "INT64" },
  json: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
}

const schema: Array<SchemaElement> = [
  { name: "root", num_children: executionColumns.length },
  ...executionColumns.map(({ name, kind }): SchemaElement => ({
    name,
    ...types[kind],
    repetition_type: "OPTIONAL",
  })),
]

type Cell = string | number | bigint | Date | null

/**
 * Writes Parquet, a row group at a time. Calls `warn` when a count is not a 64-bit integer: its
 * cell stays empty.
 */
export const parquetWriter = (output: Output, warn: (text: string) => void): ExecutionWriter => {
  const bytes = new ByteWriter()
  const parquet = new ParquetWriter({ writer: bytes, schema })
  let cells = emptyCells()
  let rows = 0
  let characters = 0
  let hasWarned = false
  const drain = async () => {
    await output.write(bytes.getBytes())
    bytes.index = 0
  }
  const writeGroup = async () => {
    const columnData = executionColumns.map(({ name }, index) => ({
      name,
      data: cells[index] ?? [],
    }))
    await parquet.write({ columnData, rowGroupSize: rows })
    cells = emptyCells()
    rows = 0
    characters = 0
    await drain()
  }
  const warnOfCount = (name: string, { id }: Execution, value: number) => {
    if (hasWarned) return
    hasWarned = true
    warn(
      `${name} of execution ${id} is ${value}, which is not a 64-bit integer: such cells stay empty in Parquet.`,
    )
  }
  return {
    write: async (execution) => {
      executionColumns.forEach((column, index) => {
        const cell = cellOf(column, execution, warnOfCount)
        cells[index]?.push(cell)
        if (typeof cell === "string") characters += cell.length
      })
      rows += 1
      if (rows === rowsOfGroup || characters >= charactersOfGroup) await writeGroup()
    },
    end: async () => {
      if (rows > 0) await writeGroup()
      await parquet.finish()
      await drain()
    },
  }
}

const emptyCells = (): ReadonlyArray<Array<Cell>> => executionColumns.map(() => [])

const cellOf = (
  column: ExecutionColumn,
  execution: Execution,
  warnOfCount: (name: string, execution: Execution, value: number) => void,
): Cell => {
  if (column.kind === "json") {
    const value = column.value(execution)
    return value === undefined ? null : terminalJson(value)
  }
  if (column.kind !== "count") return column.value(execution) ?? null
  const count = column.value(execution)
  if (count === null || count === undefined) return null
  if (Number.isInteger(count) && BigInt.asIntN(64, BigInt(count)) === BigInt(count)) {
    return BigInt(count)
  }
  warnOfCount(column.name, execution, count)
  return null
}
