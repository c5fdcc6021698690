import { isJsonList, isJsonObject, type Json, type StepDraft } from "@execlog/core"
import type { Item, Node, NodeError, NodeRun } from "./wire.js"

/** A run of a node, with what the workflow says of the node. */
export interface NamedRun {
  readonly name: string
  readonly node: Node | undefined
  readonly run: NodeRun
}

/**
 * The runs of all nodes in the order in which they began. A retry keeps the earlier runs of what it
 * repeats and counts executionIndex from 0 again, so that decides only between runs of one instant.
 */
export const runsOf = ({ data, workflowData }: Item): ReadonlyArray<NamedRun> => {
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

/** Runs as steps. */
export const stepsOf = (item: Item, runs: ReadonlyArray<NamedRun>): Array<StepDraft> =>
  runs.map(({ name, node, run }) => {
    const { startTime, executionTime } = run
    return {
      id: node?.id,
      name,
      type: node?.type,
      providerStatus: run.executionStatus ?? null,
      startedAt: instant(startTime),
      // One that goes on tells a time as well; core leaves it out.
      finishedAt: endOf(startTime, executionTime),
      durationMs: executionTime,
      error: run.error ? { message: messageOf(run.error), type: run.error.name ?? null } : null,
      inputs: inputsOf(item, run),
      outputs: run.data ?? null,
      attributes: { executionIndex: run.executionIndex },
    }
  })

const endOf = (start: number | null | undefined, span: number | null | undefined): Date | null =>
  typeof start === "number" && typeof span === "number" && span >= 0 ? instant(start + span) : null

/** A time that lies beyond what a Date can hold is none. */
const instant = (milliseconds: number | null | undefined): Date | null =>
  typeof milliseconds === "number" && !Number.isNaN(new Date(milliseconds).getTime())
    ? new Date(milliseconds)
    : null

/** n8n keeps no input of a run, but where it came from: an output of another run. */
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

export const messageOf = ({ message, description, name }: NodeError): string =>
  message || description || name || "n8n does not say what went wrong."
