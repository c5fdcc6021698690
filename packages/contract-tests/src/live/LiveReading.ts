import type { Client, Execution, LogPage, LogQuery } from "@execlog/core"

/** The result of a query: the beginning of a walk, or all of it. */
export interface LiveReading {
  readonly executions: ReadonlyArray<Execution>
  readonly pages: ReadonlyArray<LogPage>
  /** Whether the walk reached its end. */
  readonly isWhole: boolean
}

/** The limits of a reading, so that a long log costs no more than a short one. */
export interface ReadingBounds {
  /** The most executions to read. */
  readonly executions: number
  readonly pages: number
}

/** Reads the first pages of a query. */
export const readLive = async (
  client: Client,
  query: LogQuery,
  bounds: ReadingBounds,
): Promise<LiveReading> => {
  const pages: Array<LogPage> = []
  let count = 0
  for await (const page of client.pages(query)) {
    pages.push(page)
    count += page.executions.length
    if (count >= bounds.executions || pages.length >= bounds.pages) break
  }
  const executions = pages.flatMap((page) => page.executions)
  return { executions, pages, isWhole: pages.at(-1)?.next === null }
}
