import type { Change, Execution } from "@execlog/core"
import { stringify } from "csv-stringify/sync"
import type { Output } from "../Output.js"
import { cellText, terminalJson, terminalText } from "../TerminalText.js"
import type { ChangeWriter } from "./ChangeWriter.js"
import type { ExecutionWriter } from "./ExecutionWriter.js"

type Cell = string | number | Date | null | undefined

/** The columns, in their order. New ones are added at the end. */
const columns: Readonly<Record<string, (execution: Execution) => Cell>> = {
  provider: (execution) => execution.provider,
  connection: (execution) => execution.connection,
  id: (execution) => execution.id,
  workflow_id: (execution) => execution.workflow.id,
  workflow_name: (execution) => execution.workflow.name,
  workflow_version: (execution) => execution.workflow.version,
  status: (execution) => execution.status,
  provider_status: (execution) => execution.providerStatus,
  started_at: (execution) => execution.startedAt,
  finished_at: (execution) => execution.finishedAt,
  listed_at: (execution) => execution.listedAt,
  duration_ms: (execution) => execution.durationMs,
  error_message: (execution) => execution.error?.message,
  error_type: (execution) => execution.error?.type,
  error_step_id: (execution) => execution.error?.stepId,
  trigger_kind: (execution) => execution.trigger.kind,
  trigger_provider_kind: (execution) => execution.trigger.providerKind,
  actor_kind: (execution) => execution.actor?.kind,
  actor_id: (execution) => execution.actor?.id,
  actor_name: (execution) => execution.actor?.name,
  actor_email: (execution) => execution.actor?.email,
  retry_of: (execution) => execution.retryOf,
  parent_id: (execution) => execution.parentId,
  total_tokens: (execution) => execution.usage.totalTokens,
  total_steps: (execution) => execution.usage.totalSteps,
  url: (execution) => execution.url,
  attributes: (execution) => json(execution.attributes),
  steps: (execution) => json(execution.steps),
  inputs: (execution) => json(execution.inputs),
  outputs: (execution) => json(execution.outputs),
  raw: (execution) => json(execution.raw),
}

const json = (value: unknown): string | undefined =>
  value === undefined ? undefined : terminalJson(value)

/**
 * CSV with a header and line feeds. A cell that a spreadsheet would take for a formula gets
 * an apostrophe before it.
 */
export const csvWriter = (output: Output): ExecutionWriter => csv(output, columns)

/** CSV of changes: what an execution has, behind when it was observed and what it was before. */
export const changeCsv = (output: Output): ChangeWriter => {
  const { write } = csv<Change>(output, {
    observed_at: ({ observedAt }) => observedAt,
    previous_status: ({ previous }) => previous?.status,
    previous_provider_status: ({ previous }) => previous?.providerStatus,
    ...Object.fromEntries(
      Object.entries(columns).map(([name, cell]) => [
        name,
        ({ execution }: Change) => cell(execution),
      ]),
    ),
  })
  return write
}

const csv = <Row>(
  output: Output,
  columnsOf: Readonly<Record<string, (row: Row) => Cell>>,
): { readonly write: (row: Row) => Promise<void>; readonly end: () => Promise<void> } => {
  const shown = output.isTerminal ? terminalText : cellText
  const line = (cells: ReadonlyArray<Cell>) =>
    stringify([cells], {
      escape_formulas: true,
      cast: { string: shown, date: (date) => date.toISOString() },
    })
  let isStarted = false
  const start = async () => {
    if (!isStarted) await output.write(line(Object.keys(columnsOf)))
    isStarted = true
  }
  return {
    write: async (row) => {
      await start()
      await output.write(line(Object.values(columnsOf).map((cell) => cell(row))))
    },
    end: start,
  }
}
