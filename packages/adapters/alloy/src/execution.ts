import {
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  type StepDraft,
  Wire,
} from "@execlog/core"
import type { DetailedLog, StepResult } from "./wire.js"

/** The steps of an execution: its results, each with the input of the same connector and turn. */
export const steps = (log: DetailedLog): Array<StepDraft> => {
  const turns = new Map<string | null | undefined, number>()
  return (log.results ?? []).map((result) => {
    const turn = turns.get(result.connectorId) ?? 0
    turns.set(result.connectorId, turn + 1)
    const input = log.inputs?.filter(({ connectorId }) => connectorId === result.connectorId)[turn]
    const startedAt = Wire.instant(result.startedAt)
    const finishedAt = Wire.instant(result.stoppedAt)
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

/** An error of the step itself, or of one of its items: an `error`, or a statusCode of 400 and up. */
const stepError = (result: StepResult): StepDraft["error"] => {
  const items = [result, ...itemsOf(result)]
  for (const item of items) {
    if (item.error !== undefined && item.error !== null) {
      return { message: messageOf(item.error), type: null }
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

const messageOf = (error: Json): string => {
  if (typeof error === "string") return error
  const said = isJsonObject(error) ? error["message"] : undefined
  return typeof said === "string" ? said : JSON.stringify(error)
}
