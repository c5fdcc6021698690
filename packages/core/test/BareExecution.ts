import type { Execution } from "../src/index.js"

/** An execution with only the given fields set. */
export const bareExecution = (known: Partial<Execution>): Execution => ({
  provider: "sample",
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
  ...known,
})
