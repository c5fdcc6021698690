import type { Client, Execution, LogPage, LogQuery } from "@execlog/core"

/** What a server gave for a query: the beginning of a walk, or all of it. */
export interface LiveReading {
  readonly executions: ReadonlyArray<Execution>
  readonly pages: ReadonlyArray<LogPage>
  /** Whether the walk came to its end. */
  readonly isWhole: boolean
}

/** Where a reading ends before the walk does, so that a long log costs no more than a short one. */
export interface ReadingBounds {
  /** So many executions are enough. */
  readonly executions: number
  readonly pages: number
}

/** Reads the first pages that a server gives for a query. */
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
