import type { Execution } from "./Execution.js"

/** The values of the fields of which nothing is known. */
export const emptyFields = {
  workflow: { id: null, name: null, version: null },
  providerStatus: null,
  timestamp: null,
  scheduledFor: null,
  startedAt: null,
  finishedAt: null,
  listedAt: null,
  durationMs: null,
  error: null,
  trigger: { kind: "unknown", providerKind: null },
  actor: null,
  attempt: null,
  retryOf: null,
  parentId: null,
  tags: [],
  usage: { totalTokens: null, totalSteps: null },
  url: null,
  attributes: {},
} as const satisfies Omit<Execution, "provider" | "connection" | "id" | "status">
