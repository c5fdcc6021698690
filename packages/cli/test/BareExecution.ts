import type { Execution } from "@execlog/core"

/** A succeeded execution without any other data. */
export const bareExecution = {
  provider: "dify",
  connection: null,
  id: "1",
  workflow: { id: null, name: null, version: null },
  status: "succeeded",
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
} satisfies Execution
