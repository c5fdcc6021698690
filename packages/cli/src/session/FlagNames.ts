import type { Subject, Warning } from "@execlog/core"

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
  pageSize: "--page-size",
}

/** The flag that sets a part of a query, or else the part's name. */
export const flagOf = (part: string): string => flags[part] ?? part

/** The flag that sets the subject of an error or a warning; null if none does. */
export const flagOfSubject = (subject: Subject | null): string | null => {
  if (subject?.kind === "query") return flags[subject.name] ?? null
  return subject?.kind === "option" && subject.name === "cursor" ? "--cursor" : null
}

/** The text of a warning, after the flag it is about. */
export const warningText = ({ subject, text }: Pick<Warning, "subject" | "text">): string => {
  const flag = flagOfSubject(subject)
  return flag === null ? text : `${flag}: ${text}`
}
