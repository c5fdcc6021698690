import type { Execution } from "@execlog/core"
import { stringify } from "csv-stringify/sync"
import type { Output } from "../Output.js"
import { cellText, terminalJson, terminalText } from "../TerminalText.js"
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
export const csvWriter = (output: Output): ExecutionWriter => {
  const shown = output.isTerminal ? terminalText : cellText
  const line = (cells: ReadonlyArray<Cell>) =>
    stringify([cells], {
      escape_formulas: true,
      cast: { string: shown, date: (date) => date.toISOString() },
    })
  let isStarted = false
  const start = async () => {
    if (!isStarted) await output.write(line(Object.keys(columns)))
    isStarted = true
  }
  return {
    write: async (execution) => {
      await start()
      await output.write(line(Object.values(columns).map((cell) => cell(execution))))
    },
    end: start,
  }
}
