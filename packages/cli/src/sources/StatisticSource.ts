import { type StatisticRow, statisticRow } from "@execlog/core/statistics"
import type { ExecutionSource } from "./ExecutionSource.js"

/** The rows for statistics, from providers or from a store. */
export interface StatisticSource extends Pick<ExecutionSource, "isOpen" | "reading"> {
  /** Rows in any order, in chunks: waiting for each row would take longer than counting it. */
  readonly chunks: AsyncIterable<ReadonlyArray<StatisticRow>>
}

const rowsInChunk = 500

/** The statistic rows of executions. */
export const rowsOfExecutions = ({
  isOpen,
  reading,
  entries,
}: ExecutionSource): StatisticSource => ({
  isOpen,
  reading,
  chunks: {
    async *[Symbol.asyncIterator]() {
      let rows: Array<StatisticRow> = []
      for await (const { execution } of entries) {
        rows.push(statisticRow(execution))
        if (rows.length < rowsInChunk) continue
        yield rows
        rows = []
      }
      yield rows
    },
  },
})
