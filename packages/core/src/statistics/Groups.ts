import type { StatisticRow, Tally } from "./Figures.js"

/**
 * The dimensions by which executions can be grouped. Days and hours are those of their `timestamp`
 * in UTC.
 */
export const statisticDimensions = ["provider", "connection", "workflow", "day", "hour"] as const

/** One of {@link statisticDimensions}. */
export type StatisticDimension = (typeof statisticDimensions)[number]

/** The shared values of a group; other dimensions are absent. */
export interface StatisticKey {
  readonly provider?: string
  readonly connection?: string | null
  readonly workflowId?: string | null
  readonly workflowName?: string | null
  /** A day such as `"2026-11-21"`; null if the provider returns no time. */
  readonly day?: string | null
  /** An hour such as `"2026-11-21T07:00Z"`; null if the provider returns no time. */
  readonly hour?: string | null
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const depths: Readonly<Record<StatisticDimension, number>> = {
  provider: 1,
  connection: 2,
  workflow: 3,
  day: 0,
  hour: 0,
}

/**
 * How executions are grouped. A workflow is one of a connection and a connection one of a provider,
 * as an hour is one of a day: so the finest of each say which group an execution belongs to.
 */
export interface Grouping {
  readonly by: ReadonlyArray<StatisticDimension>
  /** The depth in the tree at which groups are told apart. */
  readonly depth: number
  /** By which times are told apart; null: they are not. */
  readonly bucketMs: number | null
}

/** The grouping by some dimensions. */
export const makeGrouping = (by: ReadonlyArray<StatisticDimension>): Grouping => ({
  by,
  depth: Math.max(0, ...by.map((dimension) => depths[dimension])),
  bucketMs: by.includes("hour") ? hourMs : by.includes("day") ? dayMs : null,
})

/** The number of the day or hour of a time; null where it has none or none is asked for. */
export const bucketOf = ({ bucketMs }: Grouping, timestamp: number | null): number | null =>
  bucketMs === null || timestamp === null ? null : Math.floor(timestamp / bucketMs)

/** Executions that are counted together. */
export interface Group {
  readonly scope: Scope
  readonly bucket: number | null
  readonly tally: Tally
}

/**
 * The groups, in the order of the dimensions: days and hours from the first to the last, all else
 * from what has most executions to what has fewest.
 */
export const groupsOf = (grouping: Grouping, tree: WorkflowTree): ReadonlyArray<Group> =>
  scopesAt(tree, grouping.depth)
    .flatMap((scope) => [...scope.tallies].map(([bucket, tally]) => ({ scope, bucket, tally })))
    .toSorted((a, b) => {
      for (const dimension of grouping.by) {
        const depth = depths[dimension]
        const order = depth === 0 ? compareTimes(a, b) : compareScopes(a.scope, b.scope, depth)
        if (order !== 0) return order
      }
      return 0
    })

const compareTimes = (a: Group, b: Group): number =>
  a.bucket === b.bucket
    ? 0
    : (a.bucket ?? Number.POSITIVE_INFINITY) - (b.bucket ?? Number.POSITIVE_INFINITY)

const compareScopes = (a: Scope, b: Scope, depth: number): number => {
  const [left, right] = [scopeAbove(a, depth), scopeAbove(b, depth)]
  if (left === right) return 0
  return right.count - left.count || compareNames(left, right)
}

/** The label of a group. */
export const keyOf = (
  { depth, by, bucketMs }: Grouping,
  { scope, bucket }: Group,
): StatisticKey => {
  const start = bucket === null || bucketMs === null ? null : new Date(bucket * bucketMs)
  const text = start === null ? null : start.toISOString()
  return {
    ...(depth >= 1 && { provider: scope.provider }),
    ...(depth >= 2 && { connection: scope.connection }),
    ...(depth >= 3 && { workflowId: scope.workflowId, workflowName: scope.workflowName }),
    ...(by.includes("day") && { day: text === null ? null : text.slice(0, -14) }),
    ...(by.includes("hour") && { hour: text === null ? null : `${text.slice(0, -8)}Z` }),
  }
}

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
