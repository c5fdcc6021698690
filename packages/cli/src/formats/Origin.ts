import { emptyCell, safeCell } from "./Cell.js"

// From this width on, the provider is shown beside the connection.
const roomForProviders = 100

/** The connection or provider of something, for a cell. */
export const fromText = (
  { provider, connection }: { readonly provider?: string; readonly connection?: string | null },
  width: number,
): string =>
  safeCell(
    connection === null || connection === undefined
      ? (provider ?? emptyCell)
      : width < roomForProviders || provider === undefined
        ? connection
        : `${connection} (${provider})`,
  )

/** The name of a workflow, for a cell. */
export const workflowText = (of: {
  readonly workflowId?: string | null
  readonly workflowName?: string | null
}): string => safeCell(of.workflowName ?? of.workflowId ?? emptyCell)

/** Whether things come from several connections, and must show from which. */
export const areFromSeveral = (
  all: ReadonlyArray<{ readonly provider?: string; readonly connection?: string | null }>,
): boolean =>
  new Set(all.map(({ provider, connection }) => JSON.stringify([provider, connection]))).size > 1
