import { type StatisticRow, statisticRow } from "@execlog/core/statistics"
import type { ExecutionSource } from "./ExecutionSource.js"

/** What statistics are made of, wherever it comes from. */
export interface StatisticSource extends Pick<ExecutionSource, "isOpen" | "reading"> {
  /** Rows in any order, many at a time, since to wait for each would take longer than to count it. */
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
