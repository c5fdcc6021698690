import {
  type ExecutionStatus,
  type Given,
  isJsonList,
  isJsonObject,
  type Json,
  type MappedExecution,
  type Statuses,
  type StepDraft,
  type TriggerKind,
  type Triggers,
  Wire,
} from "@execlog/core/adapter"
import type { Item, Node, NodeError, NodeRun } from "./wire.js"

/** Statuses of executions, and of runs of a node. */
export const statuses: Statuses = {
  canceled: "canceled",
  crashed: "failed",
  error: "failed",
  new: "queued",
  running: "running",
  success: "succeeded",
  unknown: "unknown",
  waiting: "waiting",
}

/** Modes of executions. */
export const triggers: Triggers = {
  webhook: "webhook",
  manual: "manual",
  evaluation: "manual",
  cli: "manual",
  retry: "retry",
  integrated: "subworkflow",
  // The error workflow of a failed one; a chat message.
  error: "event",
  chat: "event",
}

/** Maps an item, of a list or of `get`. */
export const fromList = (item: Item, { config }: Given<{ baseUrl: string }>): MappedExecution => {
  const pages = config.baseUrl.replace(/\/api\/v\d+$/, "")
  const { data, workflowData } = item
  const runs = runsOf(item)
  const last = runs.findLast(({ name }) => name === data?.resultData?.lastNodeExecuted)
  const error = data?.resultData?.error
  return {
    id: String(item.id),
    status: item.status ? undefined : derivedStatus(item),
    providerStatus: item.status ?? null,
    workflow: {
      id: Wire.text(item.workflowId),
      name: workflowData?.name,
      version: workflowData?.versionId ?? workflowData?.activeVersionId,
    },
    createdAt: Wire.instant.iso(item.createdAt),
    startedAt: Wire.instant.iso(item.startedAt),
    finishedAt: Wire.instant.iso(item.stoppedAt),
    error: error ? { ...errorOf(error), stepId: last?.node?.id } : null,
    trigger: { kind: triggerOf(item, runs), providerKind: item.mode },
    retryOf: Wire.text(item.retryOf),
    parentId: Wire.text(data?.parentExecution?.executionId),
    url: Wire.url(pages, "workflow", item.workflowId, "executions", item.id),
    ...(data && {
      steps: runs.map((run) => stepOf(item, run)),
      // The input of a workflow is the output of its trigger.
      inputs: startOf(runs)?.run.data ?? null,
      outputs: last?.run.data ?? null,
    }),
    attributes: {
      ...Wire.pick(item, "mode", "finished", "waitTill", "createdAt"),
      retrySuccessId: Wire.text(item.retrySuccessId),
      lastNodeExecuted: data?.resultData?.lastNodeExecuted,
      customData: isEmpty(item.customData) ? null : item.customData,
    },
  }
}

/**
 * Older servers return no status: a finished execution succeeded, and a waiting one has waitTill.
 */
const derivedStatus = ({ finished, stoppedAt, waitTill }: Item): ExecutionStatus | undefined => {
  if (finished === true) return "succeeded"
  if (finished !== false) return undefined
  if (waitTill && !stoppedAt) return "waiting"
  return stoppedAt ? "failed" : "running"
}

/** Without custom data, n8n sends an empty object. */
const isEmpty = (value: Json | undefined): boolean =>
  value === null || value === undefined || Object.keys(value).length === 0

const startOf = (runs: ReadonlyArray<NamedRun>): NamedRun | undefined =>
  runs.find(({ run }) => !run.source?.length)

/** n8n uses one mode for schedules and events: the type of the trigger node distinguishes them. */
const triggerOf = ({ mode }: Item, runs: ReadonlyArray<NamedRun>): TriggerKind | undefined => {
  const type = startOf(runs)?.node?.type
  if (mode !== "trigger" || !type) return undefined
  return /schedule|cron|interval/i.test(type) ? "schedule" : "event"
}

/** A run of a node, with the workflow's data about the node. */
interface NamedRun {
  readonly name: string
  readonly node: Node | undefined
  readonly run: NodeRun
}

/**
 * The runs of all nodes, by their start. A retry keeps the earlier runs and restarts executionIndex
 * at 0, so the index orders only runs of the same instant.
 */
const runsOf = ({ data, workflowData }: Item): ReadonlyArray<NamedRun> => {
  const nodes = new Map(workflowData?.nodes?.map((node) => [node.name, node]))
  return Object.entries(data?.resultData?.runData ?? {})
    .flatMap(([name, runs]) => listed(runs).map((run) => ({ name, node: nodes.get(name), run })))
    .toSorted(
      ({ run: a }, { run: b }) =>
        (a.startTime ?? 0) - (b.startTime ?? 0) ||
        (a.executionIndex ?? 0) - (b.executionIndex ?? 0),
    )
}

type Runs = NonNullable<NonNullable<NonNullable<Item["data"]>["resultData"]>["runData"]>[string]

const listed = (runs: Runs | undefined): ReadonlyArray<NodeRun> => (isList(runs) ? runs : [])

const isList = (runs: Runs | undefined): runs is ReadonlyArray<NodeRun> => Array.isArray(runs)

const stepOf = (item: Item, { name, node, run }: NamedRun): StepDraft => {
  const { startTime, executionTime } = run
  return {
    id: node?.id,
    name,
    type: node?.type,
    providerStatus: run.executionStatus ?? null,
    startedAt: Wire.instant.milliseconds(startTime),
    // An unfinished run has a time too; core omits it.
    finishedAt: endOf(startTime, executionTime),
    durationMs: executionTime,
    error: run.error ? errorOf(run.error) : null,
    inputs: inputsOf(item, run),
    outputs: run.data ?? null,
    attributes: { executionIndex: run.executionIndex },
  }
}

const endOf = (start: number | null | undefined, span: number | null | undefined): Date | null =>
  typeof start === "number" && typeof span === "number" && span >= 0
    ? Wire.instant.milliseconds(start + span)
    : null

/** n8n stores no input of a run, only its source: an output of another run. */
const inputsOf = (item: Item, { inputOverride, source }: NodeRun): Json => {
  if (inputOverride !== null && inputOverride !== undefined) return inputOverride
  if (!source || source.length === 0) return null
  return {
    main: source.map((from) => {
      if (from === null) return null
      const { previousNode, previousNodeRun, previousNodeOutput } = from
      const runs = listed(item.data?.resultData?.runData?.[previousNode])
      const given = runs[previousNodeRun ?? 0]?.data
      const main = isJsonObject(given) ? given["main"] : undefined
      return (isJsonList(main) ? main[previousNodeOutput ?? 0] : undefined) ?? null
    }),
  }
}

const errorOf = ({ message, description, name }: NodeError) => ({
  message: message || description || name || "n8n does not say what went wrong.",
  type: name ?? null,
})
