import type { Actor, Execution, Step } from "../src/index.js"

const at = new Date("2026-11-21T08:00:00Z")

const step: Required<Step> = {
  id: "step-1",
  name: "Hook",
  type: "http",
  status: "failed",
  providerStatus: "error",
  startedAt: at,
  finishedAt: at,
  durationMs: 1,
  error: { message: "no", type: "Refused" },
  inputs: "in",
  outputs: "out",
  attributes: { note: "n" },
}

const actor: Required<Actor> = {
  kind: "end_user",
  id: "user-1",
  name: "Dana",
  email: "dana@example.com",
}

/** An execution in which every field has a value. */
export const fullExecution: Required<Execution> = {
  provider: "sample",
  connection: "shop",
  id: "execution-1",
  workflow: { id: "workflow-1", name: "Orders", version: "7" },
  status: "failed",
  providerStatus: "error",
  timestamp: at,
  scheduledFor: at,
  startedAt: at,
  finishedAt: at,
  listedAt: at,
  durationMs: 1,
  error: { message: "no", type: "Refused", stepId: "step-1" },
  trigger: { kind: "webhook", providerKind: "hook" },
  actor,
  attempt: 1,
  retryOf: "execution-0",
  parentId: "execution-2",
  tags: ["nightly"],
  usage: { totalTokens: 3, totalSteps: 1 },
  url: "https://sample.example/execution-1",
  steps: [step],
  inputs: "in",
  outputs: "out",
  attributes: { region: "north" },
  raw: "row",
}

/** The values in an object, each with its path. */
export const leavesOf = (value: unknown, path = ""): ReadonlyArray<readonly [string, unknown]> =>
  typeof value === "object" && value !== null && !(value instanceof Date)
    ? Object.entries(value).flatMap(([name, inner]) =>
        leavesOf(inner, path === "" ? name : `${path}.${name}`),
      )
    : [[path, value]]

/** The paths of the fields without a value. */
export const emptyPathsOf = (value: unknown): ReadonlyArray<string> =>
  leavesOf(value).flatMap(([path, leaf]) => (leaf === null || leaf === undefined ? [path] : []))
