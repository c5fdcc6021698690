/** A change as `follow` writes it. */
export interface ToldChange {
  readonly observedAt: string
  readonly previous: { readonly status: string; readonly providerStatus: string } | null
  readonly execution: { readonly id: string; readonly status: string; readonly connection: string }
}

/** The changes of NDJSON. */
export const changesOf = (stdout: string): ReadonlyArray<ToldChange> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
