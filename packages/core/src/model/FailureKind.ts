import type { AdapterError, AdapterErrorReason } from "./AdapterError.js"

const passing: ReadonlySet<AdapterErrorReason> = new Set([
  "RateLimited",
  "Unavailable",
  "Timeout",
  "Transport",
])

/** Whether a failure may pass by itself, so that asking again later is of use. */
export const mayPass = ({ reason }: Pick<AdapterError, "reason">): boolean => passing.has(reason)

const ofOneExecution: ReadonlySet<AdapterErrorReason> = new Set([
  "NotFound",
  "InvalidQuery",
  "Decode",
  "TooLarge",
])

/** Whether a failure concerns what was asked for alone, so that others can be had all the same. */
export const isOfOneExecution = ({ reason }: Pick<AdapterError, "reason">): boolean =>
  ofOneExecution.has(reason)
