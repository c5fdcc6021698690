import { makeStatistics, type StatisticDimension } from "@execlog/core/statistics"
import { ExecutionStore } from "@execlog/store"
import * as Effect from "effect/Effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import * as Stream from "effect/Stream"
import { Api } from "../api/Api.js"
import { queryOf, scopeOf } from "../api/QueryParameters.js"
import { asProblems } from "./StoreProblems.js"

const defaultWorkflows = 500

/** Figures over executions. */
export const statisticsRoutes = HttpApiBuilder.group(
  Api,
  "statistics",
  Effect.fnUntraced(function* (handlers) {
    const store = yield* ExecutionStore
    const count = Effect.fnUntraced(function* (
      filters: Parameters<typeof queryOf>[0],
      by: ReadonlyArray<StatisticDimension>,
    ) {
      const statistics = makeStatistics(by)
      yield* store.statisticRows(queryOf(filters), scopeOf(filters)).pipe(
        Stream.runForEach((rows) =>
          Effect.sync(() => {
            for (const row of rows) statistics.add(row)
          }),
        ),
        asProblems,
      )
      return statistics
    })
    return handlers.handleAll({
      summary: Effect.fnUntraced(function* ({ query: { by = [], buckets, ...filters } }) {
        const statistics = yield* count(filters, by)
        return HttpServerResponse.jsonUnsafe(statistics.summary({ buckets }))
      }),
      workflows: Effect.fnUntraced(function* ({ query: { limit = defaultWorkflows, ...filters } }) {
        const statistics = yield* count(filters, ["workflow"])
        const workflows = statistics.summary().groups
        return HttpServerResponse.jsonUnsafe({
          workflows: workflows.slice(0, limit),
          total: workflows.length,
        })
      }),
    })
  }),
)
