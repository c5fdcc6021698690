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

/** The flag that sets a part of a query; the part's own name where there is none. */
export const flagOf = (part: string): string => flags[part] ?? part

/** The flag that sets what an error or a warning is about; null where no flag does. */
export const flagOfSubject = (subject: Subject | null): string | null => {
  if (subject?.kind === "query") return flags[subject.name] ?? null
  return subject?.kind === "option" && subject.name === "cursor" ? "--cursor" : null
}

/** A warning, after the flag that it is about. */
export const warningText = ({ subject, text }: Pick<Warning, "subject" | "text">): string => {
  const flag = flagOfSubject(subject)
  return flag === null ? text : `${flag}: ${text}`
}
