const flags: Readonly<Record<string, string>> = {
  workflowId: "--workflow",
  status: "--status",
  actorId: "--actor",
  startedAfter: "--since",
  startedBefore: "--until",
  search: "--search",
  pageSize: "--page-size",
}

/** The flag that sets a part of a query; the part's own name where there is none. */
export const flagOf = (part: string): string => flags[part] ?? part

/** A sentence of core's about a query, in the words of the command line. */
export const inFlags = (sentence: string): string =>
  sentence
    .replace(/\b(?:workflowId|actorId|startedAfter|startedBefore|pageSize)\b/g, flagOf)
    // These are English words as well, so only where core names a filter by them.
    .replace(/(?<=\bfilter by |^Leave )(?:status|search)\b/, flagOf)
