import { emptyCell, safeCell } from "./Cell.js"

// Names of providers stand beside those of connections only where there is room enough.
const roomForProviders = 100

/** Where something comes from, in a cell. */
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

/** What a workflow is called, in a cell. */
export const workflowText = (of: {
  readonly workflowId?: string | null
  readonly workflowName?: string | null
}): string => safeCell(of.workflowName ?? of.workflowId ?? emptyCell)

/** Whether things come from several connections, so that it must be said from which. */
export const areFromSeveral = (
  all: ReadonlyArray<{ readonly provider?: string; readonly connection?: string | null }>,
): boolean =>
  new Set(all.map(({ provider, connection }) => JSON.stringify([provider, connection]))).size > 1
