import { plain } from "../shared/Names.js"

const known: { readonly [kind: string]: ReadonlyArray<string> } = {
  api: ["api", "rest", "serviceapi", "sdk"],
  schedule: ["schedule", "scheduled", "cron", "timer", "interval"],
  webhook: ["webhook", "http"],
  manual: ["manual", "ui", "user", "webapp"],
  event: ["event", "trigger", "poll", "polling"],
  retry: ["retry", "rerun"],
  subworkflow: ["subworkflow", "subflow", "workflow", "integrated"],
}

/** The meaning of a provider's word for the trigger; null if unknown. */
export const triggerKindOf = (word: string): string | null =>
  Object.entries(known).find(([, words]) => words.includes(plain(word)))?.[0] ?? null
