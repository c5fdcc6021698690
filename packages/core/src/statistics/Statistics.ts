import { invalidQuery } from "../model/LogQuery.js"
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
  statisticDimensions,
} from "./Groups.js"
import { type TimeSeries, makeSeriesTally, seriesOf, tallyTime } from "./TimeSeries.js"

/** The statistics of one group. */
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

/** The statistics of a set of executions. */
export interface StatisticsSummary {
  readonly overall: StatisticFigures
  /** Days and hours chronologically, other dimensions from the largest group to the smallest. */
  readonly groups: ReadonlyArray<StatisticGroup>
  /** Workflows with the most failures first. */
  readonly failingWorkflows: ReadonlyArray<FailingWorkflow>
  /** Most frequent messages first. */
  readonly errors: ReadonlyArray<ErrorCount>
  /**
   * By how much a count of `errors` may be too low; 0 unless there are very many different
   * messages.
   */
  readonly errorsLacking: number
  /** Executions and failures by `timestamp`. */
  readonly series: TimeSeries
}

/** Limits of a summary. */
export interface SummaryOptions {
  /** The maximum number of failing workflows. Default 10. */
  readonly failingWorkflows?: number | undefined
  /** The maximum number of error messages. Default 10. */
  readonly errors?: number | undefined
  /** The maximum number of time buckets, at least 2. Default 60. */
  readonly buckets?: number | undefined
}

/** Statistics that are computed incrementally. Of each row it keeps only the duration. */
export interface Statistics {
  readonly add: (row: StatisticRow) => void
  /** The statistics of the rows added so far. You can add more afterwards. */
  readonly summary: (options?: SummaryOptions) => StatisticsSummary
}

/**
 * Creates statistics of executions that are added one by one, in any order.
 *
 * @example
 * const statistics = makeStatistics(["connection", "day"])
 * for await (const execution of client.executions()) statistics.add(statisticRow(execution))
 * console.log(statistics.summary().overall.successRate)
 */
export const makeStatistics = (by: ReadonlyArray<StatisticDimension> = []): Statistics => {
  const unknown = by.find((dimension) => !statisticDimensions.includes(dimension))
  if (unknown !== undefined) {
    throw invalidQuery(`Statistics cannot be grouped by ${JSON.stringify(unknown)}.`, {
      subject: { kind: "argument", name: "by" },
      hint: {
        code: "change_value",
        text: `The dimensions are ${statisticDimensions.join(", ")}.`,
      },
    })
  }
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
