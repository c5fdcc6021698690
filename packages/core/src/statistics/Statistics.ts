import { type ErrorCount, commonestErrors, makeErrorTally, tallyError } from "./ErrorCounts.js"
import {
  type StatisticFigures,
  type StatisticRow,
  figuresOf,
  joinTallies,
  makeTally,
  tallyRow,
} from "./Figures.js"
import {
  type Scope,
  type StatisticDimension,
  type StatisticKey,
  bucketOf,
  compareNames,
  groupsOf,
  keyOf,
  makeGrouping,
  makeWorkflowTree,
  scopeAbove,
  scopesAt,
  workflowOf,
} from "./Groups.js"
import { type TimeSeries, makeSeriesTally, seriesOf, tallyTime } from "./TimeSeries.js"

/** The figures of the executions that have something in common. */
export interface StatisticGroup extends StatisticKey, StatisticFigures {}

/** A workflow with executions that failed or timed out. */
export interface FailingWorkflow {
  readonly provider: string
  readonly connection: string | null
  readonly workflowId: string | null
  readonly workflowName: string | null
  readonly count: number
  readonly failures: number
  /** failures ÷ (succeeded + partial + failed + timed_out). */
  readonly failureRate: number
}

/** What executions amount to. */
export interface StatisticsSummary {
  readonly overall: StatisticFigures
  /** Days and hours from the first to the last, all else from the largest group to the smallest. */
  readonly groups: ReadonlyArray<StatisticGroup>
  /** Those with most failures first. */
  readonly failingWorkflows: ReadonlyArray<FailingWorkflow>
  /** The commonest messages first. */
  readonly errors: ReadonlyArray<ErrorCount>
  /** By how much a count of `errors` may be too low; 0 unless messages are very many. */
  readonly errorsLacking: number
  /** Over the time that each counts under. */
  readonly series: TimeSeries
}

/** How much of a summary is wanted. */
export interface SummaryOptions {
  /** How many failing workflows at most; 10 where nothing is said. */
  readonly failingWorkflows?: number | undefined
  /** How many error messages at most; 10 where nothing is said. */
  readonly errors?: number | undefined
  /** How many buckets of time at most, two at least; 60 where nothing is said. */
  readonly buckets?: number | undefined
}

/** Statistics while rows come. Of each row it keeps no more than its duration. */
export interface Statistics {
  readonly add: (row: StatisticRow) => void
  /** What the rows amount to so far. More may come after it. */
  readonly summary: (options?: SummaryOptions) => StatisticsSummary
}

/**
 * Statistics of executions that are given one by one, in any order.
 *
 * @example
 * const statistics = makeStatistics(["connection", "day"])
 * for await (const execution of client.executions()) statistics.add(statisticRow(execution))
 * console.log(statistics.summary().overall.successRate)
 */
export const makeStatistics = (by: ReadonlyArray<StatisticDimension> = []): Statistics => {
  const grouping = makeGrouping(by)
  const tree = makeWorkflowTree()
  const series = makeSeriesTally()
  const errors = makeErrorTally()
  return {
    add: (row) => {
      const { status, timestamp } = row
      const isFailure = status === "failed" || status === "timed_out"
      const workflow = workflowOf(tree, row)
      if (isFailure) workflow.failures += 1
      if (isFailure || status === "succeeded" || status === "partial") workflow.decided += 1
      for (let scope: Scope | null = workflow; scope !== null; scope = scope.parent) {
        scope.count += 1
      }
      const { tallies } = scopeAbove(workflow, grouping.depth)
      const bucket = bucketOf(grouping, timestamp)
      let tally = tallies.get(bucket)
      if (tally === undefined) {
        tally = makeTally()
        tallies.set(bucket, tally)
      }
      tallyRow(tally, row)
      if (timestamp !== null) tallyTime(series, timestamp, isFailure)
      if (row.errorMessage !== null) tallyError(errors, row.errorMessage)
    },
    summary: (options = {}) => {
      const groups = groupsOf(grouping, tree)
      return {
        overall: figuresOf(joinTallies(groups.map(({ tally }) => tally))),
        groups:
          by.length === 0
            ? []
            : groups.map((group) => ({ ...keyOf(grouping, group), ...figuresOf(group.tally) })),
        failingWorkflows: failingOf(scopesAt(tree, 3), options.failingWorkflows ?? 10),
        errors: commonestErrors(errors, options.errors ?? 10),
        errorsLacking: errors.lacking,
        series: seriesOf(series, options.buckets ?? 60),
      }
    },
  }
}

const failingOf = (workflows: ReadonlyArray<Scope>, most: number): ReadonlyArray<FailingWorkflow> =>
  workflows
    .filter(({ failures }) => failures > 0)
    .toSorted((a, b) => b.failures - a.failures || a.decided - b.decided || compareNames(a, b))
    .slice(0, most)
    .map(({ provider, connection, workflowId, workflowName, count, failures, decided }) => ({
      provider,
      connection,
      workflowId,
      workflowName,
      count,
      failures,
      failureRate: failures / decided,
    }))
