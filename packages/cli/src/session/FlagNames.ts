const flags: Readonly<Record<string, string>> = {
  workflowId: "--workflow",
  status: "--status",
  actorId: "--actor",
  tag: "--tag",
  since: "--since",
  until: "--until",
  finishedSince: "--finished-since",
  finishedUntil: "--finished-until",
  planned: "--planned",
  providerStatus: "--provider-status",
  attributes: "--where",
  search: "--search",
  order: "--order",
  include: "--include",
  includes: "--include",
  pageSize: "--page-size",
}

/** The flag that sets a part of a query; the part's own name where there is none. */
export const flagOf = (part: string): string => flags[part] ?? part

// What stands in quotes is the user's, what stands in braces is a part of a route.
const quoted = String.raw`"(?:[^"\\]|\\.)*"|\{[^{}]*\}`
const names = String.raw`\b(?:workflowId|actorId|finishedSince|finishedUntil|providerStatus|pageSize)\b`
// These are English words as well, so only where core means the part of the query by them.
const words = [
  String.raw`(?<=\bfilter by |^Leave )(?:status|search|since|until|tag|attributes)\b`,
  String.raw`(?<=^Give )since\b`,
  String.raw`(?<=^The time range is empty: |\bis not before )(?:since|until)\b`,
  String.raw`(?<=^Leave out )(?:order|include)\b`,
  String.raw`(?<=\bfewer )includes\b`,
  String.raw`(?<=: filters, )order(?=, include or )`,
  String.raw`(?<=: filters, order, )include(?= or )`,
].join("|")
const partOfQuery = new RegExp(`(${quoted})|${names}|${words}`, "g")

// A warning may quote the provider, so only where core itself names a part of the query.
const partInWarning = new RegExp(
  String.raw`(?<= refuses )(?:${Object.keys(flags).join("|")})(?=: from here on )|(?<=: with )(?:since|until)(?=, others )`,
  "g",
)

/** A warning of core's, in the words of the command line. */
export const warningInFlags = (warning: string): string => warning.replace(partInWarning, flagOf)

/** A sentence of core's about a query, in the words of the command line. */
export const inFlags = (sentence: string): string =>
  sentence.replace(partOfQuery, (found, kept: string | undefined) => kept ?? flagOf(found))
