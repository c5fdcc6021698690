import type { Execution } from "@execlog/core"

/** The labels of a workflow. */
interface WorkflowLabels {
  readonly connection: string
  readonly workflow: string
}

/** Chooses the labels of workflows, of which there may be no end, so that their number stays bounded. */
export interface WorkflowNames {
  readonly labelsOf: (
    connection: string,
    workflow: Pick<Execution["workflow"], "id" | "name">,
  ) => WorkflowLabels
}

/** The label of all workflows beyond the most that are told apart. */
const otherWorkflows = "other"

/** Tells so many workflows apart, those that come first; a name is preferred to an id. */
export const makeWorkflowNames = (most: number): WorkflowNames => {
  const known = new Map<string, WorkflowLabels>()
  return {
    labelsOf: (connection, { id, name }) => {
      const key = JSON.stringify([connection, id, id === null ? name : null])
      const found = known.get(key)
      if (found !== undefined) return found
      if (known.size >= most) return { connection, workflow: otherWorkflows }
      const labels = { connection, workflow: name ?? id ?? "" }
      known.set(key, labels)
      return labels
    },
  }
}
