import {
  type ExecutionDraft,
  type ExecutionStatus,
  type Json,
  type TriggerKind,
  Wire,
} from "@execlog/core"
import { messageOf, type NamedRun, runsOf, stepsOf } from "./steps.js"
import type { Item } from "./wire.js"

/** An item as an execution: of a list, or of `get`. */
export const toExecution = (item: Item, baseUrl: string): ExecutionDraft => {
  const { data, workflowData } = item
  const workflowId = text(item.workflowId)
  const runs = runsOf(item)
  const last = data?.resultData?.lastNodeExecuted
  const error = data?.resultData?.error
  return {
    id: String(item.id),
    status: item.status ? undefined : derivedStatus(item),
    providerStatus: item.status ?? null,
    workflow: {
      id: workflowId,
      name: workflowData?.name ?? null,
      version: workflowData?.versionId ?? workflowData?.activeVersionId ?? null,
    },
    createdAt: Wire.instant(item.createdAt),
    startedAt: Wire.instant(item.startedAt),
    finishedAt: Wire.instant(item.stoppedAt),
    error: error
      ? {
          message: messageOf(error),
          type: error.name ?? null,
          stepId: runs.findLast(({ name }) => name === last)?.node?.id ?? null,
        }
      : null,
    trigger: { kind: triggerOf(item.mode, runs), providerKind: item.mode ?? null },
    retryOf: text(item.retryOf),
    parentId: text(data?.parentExecution?.executionId),
    url:
      workflowId === null
        ? null
        : `${baseUrl.replace(/\/api\/v\d+$/, "")}/workflow/${encoded(workflowId)}/executions/${encoded(String(item.id))}`,
    ...(data && {
      steps: stepsOf(item, runs),
      // What a workflow is given is what its trigger gives to the nodes behind it.
      inputs: startOf(runs)?.run.data ?? null,
      outputs: runs.findLast(({ name }) => name === last)?.run.data ?? null,
    }),
    attributes: {
      mode: item.mode,
      finished: item.finished,
      retrySuccessId: text(item.retrySuccessId),
      waitTill: item.waitTill,
      createdAt: item.createdAt,
      lastNodeExecuted: last,
      customData: isEmpty(item.customData) ? null : item.customData,
    },
  }
}

/** Older servers tell no status: what is finished ended well, and what waits has a time for it. */
const derivedStatus = ({ finished, stoppedAt, waitTill }: Item): ExecutionStatus | undefined => {
  if (finished === true) return "succeeded"
  if (finished !== false) return undefined
  if (waitTill && !stoppedAt) return "waiting"
  return stoppedAt ? "failed" : "running"
}

/** Half a character, which JSON may hold, would throw. */
const encoded = (id: string): string => encodeURIComponent(id.toWellFormed())

/** Without custom data, n8n sends an empty object. */
const isEmpty = (value: Json | undefined): boolean =>
  value === null || value === undefined || Object.keys(value).length === 0

const text = (id: string | number | null | undefined): string | null => id?.toString() ?? null

const startOf = (runs: ReadonlyArray<NamedRun>): NamedRun | undefined =>
  runs.find(({ run }) => !run.source?.length)

const triggerOf = (mode: string | null | undefined, runs: ReadonlyArray<NamedRun>): TriggerKind => {
  if (mode !== "trigger") return triggerKinds.get(mode) ?? "unknown"
  // n8n says of a schedule and of an event alike that a trigger fired: the node tells which.
  const type = startOf(runs)?.node?.type
  if (!type) return "unknown"
  return /schedule|cron|interval/i.test(type) ? "schedule" : "event"
}

const triggerKinds: ReadonlyMap<string | null | undefined, TriggerKind> = new Map([
  ["webhook", "webhook"],
  ["manual", "manual"],
  ["evaluation", "manual"],
  ["cli", "manual"],
  ["retry", "retry"],
  ["integrated", "subworkflow"],
  // The error workflow of another that failed; a message to a chat.
  ["error", "event"],
  ["chat", "event"],
] as const)
