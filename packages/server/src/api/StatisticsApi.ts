import { statisticDimensions } from "@execlog/core/statistics"
import { executionStatuses } from "@execlog/core"
import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { queryProblems } from "./Problem.js"
import { describeIntegers, integerIn, type Range } from "./IntegerParameters.js"
import { filterParameters } from "./QueryParameters.js"

/** How many buckets a time series may have. */
const bucketCounts: Range = [2, 1000]
/** How many workflows are listed at most. */
const workflowCounts: Range = [1, 5000]

const Count = Schema.Natural
const MaybeNumber = Schema.NullOr(Schema.Finite)
const MaybeText = Schema.NullOr(Schema.String)
const MaybeInstant = Schema.NullOr(Schema.DateFromString)

const figures = {
  count: Count,
  byStatus: Schema.Record(Schema.Literals(executionStatuses), Count),
  succeeded: Count,
  failures: Count,
  successRate: MaybeNumber,
  medianMs: MaybeNumber,
  p95Ms: MaybeNumber,
  p99Ms: MaybeNumber,
  totalTokens: MaybeNumber,
  firstTimestamp: MaybeInstant,
  lastTimestamp: MaybeInstant,
}

const key = {
  provider: Schema.optionalKey(Schema.String),
  connection: Schema.optionalKey(MaybeText),
  workflowId: Schema.optionalKey(MaybeText),
  workflowName: Schema.optionalKey(MaybeText),
  day: Schema.optionalKey(MaybeText),
  hour: Schema.optionalKey(MaybeText),
}

const FailingWorkflow = Schema.Struct({
  provider: Schema.String,
  connection: MaybeText,
  workflowId: MaybeText,
  workflowName: MaybeText,
  count: Count,
  failures: Count,
  failureRate: Schema.Finite,
})

/** The statistics of the executions that match a query: see `StatisticsSummary` of core. */
const StatisticsSummary = Schema.Struct({
  overall: Schema.Struct(figures),
  groups: Schema.Array(Schema.Struct({ ...key, ...figures })),
  failingWorkflows: Schema.Array(FailingWorkflow),
  errors: Schema.Array(Schema.Struct({ message: Schema.String, count: Count })),
  errorsLacking: Count,
  series: Schema.Struct({
    bucketMs: Schema.Finite,
    /** Where the first bucket begins; null if nothing was counted. */
    from: MaybeInstant,
    counts: Schema.Array(Count),
    failures: Schema.Array(Count),
  }),
})

/** A workflow, with the figures of its executions. */
const Workflow = Schema.Struct({
  provider: Schema.String,
  connection: MaybeText,
  workflowId: MaybeText,
  workflowName: MaybeText,
  ...figures,
})

const summary = HttpApiEndpoint.get("summary", "/statistics", {
  query: {
    ...filterParameters,
    by: Schema.optionalKey(Schema.Array(Schema.Literals(statisticDimensions))),
    buckets: Schema.optionalKey(integerIn(bucketCounts)),
  },
  success: StatisticsSummary,
  error: queryProblems,
})
  .annotateMerge(describeIntegers({ buckets: bucketCounts }))
  .annotateMerge(
  OpenApi.annotations({
    summary: "Statistics of executions",
    description: "Counts, rates, durations, errors and a time series, overall and in groups.",
  }),
)

const workflows = HttpApiEndpoint.get("workflows", "/workflows", {
  query: { ...filterParameters, limit: Schema.optionalKey(integerIn(workflowCounts)) },
  success: Schema.Struct({ workflows: Schema.Array(Workflow), total: Count }),
  error: queryProblems,
})
  .annotateMerge(describeIntegers({ limit: workflowCounts }))
  .annotateMerge(
  OpenApi.annotations({
    summary: "Workflows with the figures of their executions",
    description: "Those with the most executions first.",
  }),
)

/** Figures over executions. */
export class StatisticsApi extends HttpApiGroup.make("statistics").add(summary, workflows) {}
