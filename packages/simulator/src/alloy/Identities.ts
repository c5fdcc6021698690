import { indexOfShortId, objectIdOf, shortIdOf, uuidOf } from "../shared/Identifiers.js"

/** The ids that one seed decides. */
export interface AlloyIdentities {
  readonly teamId: string
  /** `executionUuid` of events, `executionId` of the other endpoint. */
  readonly uuid: (execution: number) => string
  /** The only execution, of so many, that may have this `executionUuid`; or null. */
  readonly executionOfUuid: (uuid: string, count: number) => number | null
  /** `data.executionId` of events. */
  readonly executionId: (execution: number, startedAt: number) => string
  readonly eventId: (event: number, createdAt: number) => string
  /** `forgeWorkflowId`. */
  readonly workflowId: (workflow: number) => string
  /** The id of a user's own copy of a workflow. */
  readonly copyId: (workflow: number, user: number) => string
  readonly userId: (user: number) => string
  readonly integrationId: (workflow: number) => string
  readonly connectorId: (workflow: number, step: number) => string
  readonly resultId: (execution: number, step: number) => string
}

const salts = {
  uuid: 49,
  execution: 50,
  event: 51,
  forgeWorkflow: 52,
  copy: 53,
  user: 54,
  integration: 55,
  team: 56,
  connector: 57,
  result: 58,
}

/** An object id begins with a time. Workflows, users and the like are older than all executions. */
const longAgo = Date.UTC(2025, 2, 28)

/** An hour in milliseconds. */
const hour = 3_600_000

/** The ids of a seed. */
export const makeAlloyIdentities = (seed: number): AlloyIdentities => ({
  teamId: objectIdOf(seed, 0, salts.team, longAgo - 5000 * hour),
  uuid: (execution) => shortIdOf(seed, execution, salts.uuid),
  executionOfUuid: (uuid, count) => indexOfShortId(uuid, seed, count, salts.uuid),
  executionId: (execution, startedAt) => objectIdOf(seed, execution, salts.execution, startedAt),
  eventId: (event, createdAt) => objectIdOf(seed, event, salts.event, createdAt),
  workflowId: (workflow) => objectIdOf(seed, workflow, salts.forgeWorkflow, longAgo),
  copyId: (workflow, user) =>
    objectIdOf(seed, workflow * 100_000 + user, salts.copy, longAgo + hour),
  userId: (user) => objectIdOf(seed, user, salts.user, longAgo - 1000 * hour),
  integrationId: (workflow) => objectIdOf(seed, workflow, salts.integration, longAgo - 500 * hour),
  connectorId: (workflow, step) => uuidOf(seed, workflow * 100 + step, salts.connector),
  resultId: (execution, step) => uuidOf(seed, execution * 4 + step, salts.result),
})
