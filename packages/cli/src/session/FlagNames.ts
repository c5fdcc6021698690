import type { LogQuery, Subject, Warning } from "@execlog/core"

/** The flag that sets each part of a query. */
export const flagsOfQuery: Readonly<Record<keyof LogQuery, string>> = {
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
  pageSize: "--page-size",
}

const flags: ReadonlyMap<string, string> = new Map(Object.entries(flagsOfQuery))

/** The flag that sets a part of a query, or else the part's name. */
export const flagOf = (part: string): string => flags.get(part) ?? part

/** The flag that sets the subject of an error or a warning; null if none does. */
export const flagOfSubject = (subject: Subject | null): string | null => {
  if (subject?.kind === "query") return flags.get(subject.name) ?? null
  return subject?.kind === "option" && subject.name === "cursor" ? "--cursor" : null
}

/** The text of a warning, after the flag it is about. */
export const warningText = ({ subject, text }: Pick<Warning, "subject" | "text">): string => {
  const flag = flagOfSubject(subject)
  return flag === null ? text : `${flag}: ${text}`
}
