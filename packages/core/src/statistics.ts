/** Figures over executions: counts, rates, durations, errors and time series. */
export type { ErrorCount } from "./statistics/ErrorCounts.js"
export { type StatisticFigures, statisticRow, type StatisticRow } from "./statistics/Figures.js"
export {
  type StatisticDimension,
  statisticDimensions,
  type StatisticKey,
} from "./statistics/Groups.js"
export {
  type FailingWorkflow,
  makeStatistics,
  type StatisticGroup,
  type Statistics,
  type StatisticsSummary,
  type SummaryOptions,
} from "./statistics/Statistics.js"
export type { TimeSeries } from "./statistics/TimeSeries.js"
