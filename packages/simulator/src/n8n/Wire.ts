import { shortIdOf, uuidOf } from "../shared/Identifiers.js"
import { isoText } from "../shared/Instant.js"
import { isEnd, modeOf, type N8nFacts, type N8nMode, type N8nStatus } from "./Execution.js"
import type { N8nHistory } from "./History.js"

/** An execution as n8n lists it. */
export interface N8nWireExecution {
  readonly id: string
  readonly finished: boolean
  readonly mode: N8nMode
  readonly retryOf: string | null
  readonly retrySuccessId: string | null
  readonly status: N8nStatus
  readonly startedAt: string | null
  readonly stoppedAt: string | null
  readonly workflowId: string
  readonly waitTill: string | null
}

/** One run of a node, in `data.resultData.runData`. */
interface N8nWireRun {
  readonly startTime: number
  readonly executionIndex: number
  readonly source: ReadonlyArray<{ readonly previousNode: string }>
  readonly hints: ReadonlyArray<never>
  readonly executionTime: number
  readonly executionStatus: N8nStatus
  readonly data?: { readonly main: ReadonlyArray<ReadonlyArray<N8nWireItem>> }
  readonly error?: N8nWireError
}

/** An output item of a node. */
interface N8nWireItem {
  readonly json: unknown
  readonly pairedItem: { readonly item: number }
}

/** The error of a node. */
interface N8nWireError {
  readonly timestamp: number
  readonly name: string
  readonly node: N8nWireNode
  readonly message: string
}

/** A node of a workflow. */
interface N8nWireNode {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly typeVersion: number
  readonly position: readonly [number, number]
  readonly parameters: Record<string, never>
}

/** `data`, `workflowData` and `customData`, which includeData=true adds. */
export interface N8nWireData {
  readonly data: {
    readonly version: 1
    readonly startData: Record<string, never>
    readonly resultData: {
      readonly runData: Record<string, ReadonlyArray<N8nWireRun>>
      readonly lastNodeExecuted?: string
      readonly error?: N8nWireError
    }
    readonly parentExecution?: { readonly executionId: string; readonly workflowId: string }
    readonly waitTill?: string
  }
  readonly workflowData: {
    readonly id: string
    readonly name: string
    readonly active: boolean
    readonly activeVersionId: string
    readonly isArchived: boolean
    readonly createdAt: string
    readonly updatedAt: string
    readonly nodes: ReadonlyArray<N8nWireNode>
    readonly connections: Record<string, unknown>
    readonly settings: Record<string, string>
    readonly staticData: Record<string, never>
    readonly pinData: null
  }
  readonly customData: Record<string, never>
}

const salts = { workflow: 71, node: 72, version: 73 }

const workflowNames: readonly [string, ...Array<string>] = [
  "Order intake",
  "Nightly report",
  "Refund",
]

const startNodes = {
  webhook: { name: "Webhook", type: "n8n-nodes-base.webhook" },
  trigger: { name: "Schedule Trigger", type: "n8n-nodes-base.scheduleTrigger" },
  integrated: { name: "When Executed", type: "n8n-nodes-base.executeWorkflowTrigger" },
} as const

/** How long before its retry the kept steps of a failed execution ran, in milliseconds. */
const retriedAfter = 45_000

/** The duration so far of an execution that waits or runs, in milliseconds. */
const durationSoFar = 20

/** The id of a workflow, as n8n makes them: sixteen letters and digits. */
export const workflowIdOf = (seed: number, workflow: number): string =>
  shortIdOf(seed, workflow, salts.workflow).slice(0, 16)

/** An execution of the list, without its data. */
export const wireExecution = (
  history: N8nHistory,
  row: number,
  workflowId: (workflow: number) => string,
): N8nWireExecution => {
  const facts = history.factsOf(row)
  return {
    id: history.idOf(row),
    finished: facts.status === "success",
    mode: facts.mode,
    retryOf: facts.retryOf,
    retrySuccessId: history.successOf(row),
    status: facts.status,
    startedAt: facts.hasStarted ? isoText(facts.startedAt) : null,
    stoppedAt: facts.stoppedAt === null ? null : isoText(facts.stoppedAt),
    workflowId: workflowId(facts.workflow),
    waitTill: waitTill(facts),
  }
}

const waitTill = (facts: N8nFacts): string | null =>
  facts.status === "waiting" ? isoText(facts.startedAt + 86_400_000) : null

/** The data of an execution. */
export const wireData = (
  history: N8nHistory,
  row: number,
  seed: number,
  workflowId: (workflow: number) => string,
): N8nWireData => {
  const facts = history.factsOf(row)
  const nodes = nodesOf(seed, facts.workflow)
  const runs = runsOf(facts, nodes, row)
  const [last] = runs.at(-1) ?? []
  const error = runs.at(-1)?.[1].error
  const parentRow = row - 1
  return {
    data: {
      version: 1,
      startData: {},
      resultData: {
        runData: Object.fromEntries(runs.map(([name, run]) => [name, [run]])),
        ...(last === undefined ? {} : { lastNodeExecuted: last }),
        ...(error === undefined ? {} : { error }),
      },
      ...(facts.mode === "integrated" && parentRow >= 0
        ? {
            parentExecution: {
              executionId: history.idOf(parentRow),
              workflowId: workflowId(history.factsOf(parentRow).workflow),
            },
          }
        : {}),
      ...(facts.status === "waiting" ? { waitTill: waitTill(facts) ?? "" } : {}),
    },
    workflowData: {
      id: workflowId(facts.workflow),
      name: workflowNames[facts.workflow % workflowNames.length] ?? workflowNames[0],
      active: true,
      activeVersionId: uuidOf(seed, facts.workflow, salts.version),
      isArchived: false,
      createdAt: "2026-11-01T09:00:00.000Z",
      updatedAt: "2026-11-01T09:00:00.000Z",
      nodes,
      connections: Object.fromEntries(
        nodes
          .slice(0, -1)
          .map(({ name }, place) => [
            name,
            { main: [[{ node: nodes[place + 1]?.name, type: "main", index: 0 }]] },
          ]),
      ),
      settings: { callerPolicy: "workflowsFromSameOwner" },
      staticData: {},
      pinData: null,
    },
    customData: {},
  }
}

const nodesOf = (seed: number, workflow: number): ReadonlyArray<N8nWireNode> =>
  [
    startNodes[modeOf(workflow)],
    { name: "Shape order", type: "n8n-nodes-base.set" },
    { name: "Charge card", type: "n8n-nodes-base.stopAndError" },
  ].map(({ name, type }, place) => ({
    id: uuidOf(seed, workflow * 8 + place, salts.node),
    name,
    type,
    typeVersion: 1,
    position: [place * 200, 0],
    parameters: {},
  }))

/** The runs of nodes by name, in the order in which n8n keeps them. */
const runsOf = (
  facts: N8nFacts,
  nodes: ReadonlyArray<N8nWireNode>,
  row: number,
): ReadonlyArray<readonly [string, N8nWireRun]> => {
  const { status, startedAt, stoppedAt, retryOf } = facts
  const ran = !facts.hasStarted ? 0 : isEnd(status) ? nodes.length : nodes.length - 1
  const stopped = stoppedAt ?? startedAt + durationSoFar
  return nodes.slice(0, ran).map((node, place): readonly [string, N8nWireRun] => {
    const isLast = place === nodes.length - 1
    const previous = nodes[place - 1]
    // A retry keeps the steps before the one that failed, with their times and numbers.
    const isKept = retryOf !== null && !isLast
    const step = Math.floor((stopped - startedAt) / nodes.length)
    const began = startedAt + place * step - (isKept ? retriedAfter : 0)
    const executionStatus = isLast ? endOf(status) : "success"
    return [
      node.name,
      {
        startTime: began,
        executionIndex: retryOf !== null && isLast ? 0 : place,
        source: previous === undefined ? [] : [{ previousNode: previous.name }],
        hints: [],
        executionTime: isLast ? stopped - began : step,
        executionStatus,
        ...(executionStatus === "success"
          ? { data: { main: [[{ json: { orderId: row + 1 }, pairedItem: { item: 0 } }]] } }
          : {}),
        ...(executionStatus === "error"
          ? {
              error: {
                timestamp: began,
                name: "NodeOperationError",
                node,
                message: `Card declined for order ${row + 1}`,
              },
            }
          : {}),
      },
    ]
  })
}

const endOf = (status: N8nStatus): N8nStatus => (status === "crashed" ? "error" : status)
