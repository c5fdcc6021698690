import {
  type Given,
  isJsonList,
  isJsonObject,
  type JsonObject,
  type MappedExecution,
  type Statuses,
  type StepDraft,
  Wire,
} from "@execlog/core/adapter"
import type { DetailedLog, Event, StepResult } from "./wire.js"

/** Messages of events. */
export const statuses: Statuses = {
  executionStarted: "running",
  executionFinished: "succeeded",
  executionError: "failed",
}

/** Maps an event to the part of an execution that it contains. */
export const fromList = (event: Event): MappedExecution => {
  const { data, user, forgeWorkflow } = event
  return {
    id: data.executionUuid,
    providerStatus: event.message,
    workflow: {
      id: event.forgeWorkflowId,
      name: forgeWorkflow?.name,
      version: Wire.text(event.workflowVersion),
    },
    startedAt: Wire.instant.iso(event.startedAt),
    finishedAt: Wire.instant.iso(event.completedAt),
    actor: { kind: "end_user", id: event.userId, name: user?.fullName, email: user?.email },
    attributes: {
      executionId: data.executionId,
      ...Wire.pick(event, "workflowId", "workflowVersion", "teamId", "customVersion"),
      integrationId: forgeWorkflow?.integrationId?._id,
      integrationName: forgeWorkflow?.integrationId?.name,
    },
  }
}

/** Whether an event reports the end of an execution. */
export const isEnd = ({ message }: Event): boolean =>
  message === "executionFinished" || message === "executionError"

/** Maps an item of a workflow's log, which names neither the workflow nor the user. */
export const fromDetail = (log: DetailedLog, { query }: Given): MappedExecution => {
  const steps = stepsOf(log)
  const failed = steps.find(({ error }) => error !== null)
  const finishedAt = Wire.instant.iso(log.stoppedAt)
  const status = log.finished ? "succeeded" : finishedAt === null ? "running" : "failed"
  return {
    id: log.executionId,
    status,
    providerStatus: null,
    workflow: { id: query.workflowId },
    startedAt: Wire.instant.iso(log.startedAt),
    finishedAt,
    error: status === "failed" && failed?.error ? { ...failed.error, stepId: failed.id } : null,
    actor: { kind: "end_user", id: query.actorId },
    steps,
    inputs: log.inputs?.[0]?.data ?? null,
    outputs: log.results?.at(-1)?.data ?? null,
  }
}

/**
 * The steps of an execution: its results, each with the input of the same connector and iteration.
 */
const stepsOf = (log: DetailedLog): Array<StepDraft> => {
  const turns = new Map<string | null | undefined, number>()
  return (log.results ?? []).map((result) => {
    const turn = turns.get(result.connectorId) ?? 0
    turns.set(result.connectorId, turn + 1)
    const input = log.inputs?.filter(({ connectorId }) => connectorId === result.connectorId)[turn]
    const startedAt = Wire.instant.iso(result.startedAt)
    const finishedAt = Wire.instant.iso(result.stoppedAt)
    const error = stepError(result)
    return {
      id: result.connectorId,
      status: error !== null ? "failed" : finishedAt === null ? "running" : "succeeded",
      providerStatus: null,
      startedAt,
      finishedAt,
      error,
      inputs: input?.data ?? null,
      outputs: result.data ?? null,
    }
  })
}

/** The error of a step or of one of its items: an `error`, or a statusCode of 400 or more. */
const stepError = (result: StepResult): StepDraft["error"] => {
  const items = [result, ...itemsOf(result)]
  for (const item of items) {
    if (item.error !== undefined && item.error !== null) {
      return { message: Wire.message(item.error) ?? JSON.stringify(item.error), type: null }
    }
    if ("statusCode" in item && typeof item.statusCode === "number" && item.statusCode >= 400) {
      return { message: `status code ${item.statusCode}`, type: String(item.statusCode) }
    }
  }
  return null
}

/** A step's data is a list of lists of items. */
const itemsOf = (result: StepResult): Array<JsonObject> =>
  (isJsonList(result.data) ? result.data : [])
    .flatMap((batch) => (isJsonList(batch) ? batch : [batch]))
    .filter(isJsonObject)
