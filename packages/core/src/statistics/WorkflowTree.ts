import type { Tally } from "./Figures.js"
import type { StatisticRow } from "./StatisticRow.js"

/** Whose executions are counted together: all, or those of a provider, a connection or a workflow. */
export interface Scope {
  readonly provider: string
  readonly connection: string | null
  readonly workflowId: string | null
  /** The name that its latest execution gives it. */
  workflowName: string | null
  namedAt: number
  readonly parent: Scope | null
  /** How far below the root it is: 1 a provider, 2 a connection, 3 a workflow. */
  readonly depth: number
  readonly children: Map<string | null, Scope>
  /** By the time that they are grouped by. */
  readonly tallies: Map<number | null, Tally>
  count: number
  /** Those that count for the success rate. */
  decided: number
  failures: number
}

/**
 * Providers, their connections and their workflows, as rows name them. An id means something within
 * its connection alone: two servers may both have a workflow 1.
 */
export interface WorkflowTree {
  readonly root: Scope
  connection: Scope | null
}

/** A tree of nothing. */
export const makeWorkflowTree = (): WorkflowTree => ({
  root: makeScope(null, "", null, null),
  connection: null,
})

const makeScope = (
  parent: Scope | null,
  provider: string,
  connection: string | null,
  workflowId: string | null,
): Scope => ({
  provider,
  connection,
  workflowId,
  workflowName: null,
  namedAt: Number.NEGATIVE_INFINITY,
  parent,
  depth: parent === null ? 0 : parent.depth + 1,
  children: new Map(),
  tallies: new Map(),
  count: 0,
  decided: 0,
  failures: 0,
})

/** The workflow of a row. */
export const workflowOf = (tree: WorkflowTree, row: StatisticRow): Scope => {
  const connection = connectionOf(tree, row)
  const { workflowId: id, workflowName: name } = row
  // Where the provider gives no id the name stands in for it, and no id begins like this.
  const key = id ?? (name === null ? null : `\u0000${name}`)
  let workflow = connection.children.get(key)
  if (workflow === undefined) {
    workflow = makeScope(connection, row.provider, row.connection, id)
    connection.children.set(key, workflow)
  }
  if (name !== null) {
    const at = row.timestamp ?? Number.NEGATIVE_INFINITY
    if (workflow.workflowName === null || at > workflow.namedAt) {
      workflow.workflowName = name
      workflow.namedAt = at
    }
  }
  return workflow
}

const connectionOf = (tree: WorkflowTree, row: StatisticRow): Scope => {
  const last = tree.connection
  // Rows of one connection mostly come together.
  if (last !== null && last.connection === row.connection && last.provider === row.provider) {
    return last
  }
  let provider = tree.root.children.get(row.provider)
  if (provider === undefined) {
    provider = makeScope(tree.root, row.provider, null, null)
    tree.root.children.set(row.provider, provider)
  }
  let connection = provider.children.get(row.connection)
  if (connection === undefined) {
    connection = makeScope(provider, row.provider, row.connection, null)
    provider.children.set(row.connection, connection)
  }
  tree.connection = connection
  return connection
}

/** The scope at a depth on the way from a scope up to the root. */
export const scopeAbove = (scope: Scope, depth: number): Scope => {
  let above = scope
  while (above.depth > depth && above.parent !== null) above = above.parent
  return above
}

/** All scopes at a depth. */
export const scopesAt = ({ root }: WorkflowTree, depth: number): ReadonlyArray<Scope> => {
  let scopes: ReadonlyArray<Scope> = [root]
  for (let level = 0; level < depth; level++) {
    scopes = scopes.flatMap(({ children }) => [...children.values()])
  }
  return scopes
}

/** Compares two scopes by what they are called. */
export const compareNames = (a: Scope, b: Scope): number =>
  a === b ? 0 : namesOf(a) < namesOf(b) ? -1 : 1

const namesOf = ({ provider, connection, workflowId, workflowName }: Scope): string =>
  JSON.stringify([provider, connection, workflowName, workflowId])
