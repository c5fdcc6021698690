import { indexOfShortId, objectIdOf, shortIdOf, uuidOf } from "../shared/Identifiers.js"

const SALT = {
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

// An object id begins with a time: what is no execution is older than all of them.
const LONG_AGO = Date.UTC(2025, 2, 28)
const HOUR = 3_600_000

/** The ids that one seed gives. */
export class AlloyIdentities {
  readonly teamId: string
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
    this.teamId = objectIdOf(seed, 0, SALT.team, LONG_AGO - 5000 * HOUR)
  }

  /** `executionUuid` of events, `executionId` of the other endpoint. */
  uuid(execution: number): string {
    return shortIdOf(this.#seed, execution, SALT.uuid)
  }

  executionOfUuid(uuid: string, count: number): number | null {
    return indexOfShortId(uuid, this.#seed, count, SALT.uuid)
  }

  /** `data.executionId` of events. */
  executionId(execution: number, startedAt: number): string {
    return objectIdOf(this.#seed, execution, SALT.execution, startedAt)
  }

  eventId(event: number, createdAt: number): string {
    return objectIdOf(this.#seed, event, SALT.event, createdAt)
  }

  /** `forgeWorkflowId`. */
  workflowId(workflow: number): string {
    return objectIdOf(this.#seed, workflow, SALT.forgeWorkflow, LONG_AGO)
  }

  /** The id of a user's own copy of a workflow. */
  copyId(workflow: number, user: number): string {
    return objectIdOf(this.#seed, workflow * 100_000 + user, SALT.copy, LONG_AGO + HOUR)
  }

  userId(user: number): string {
    return objectIdOf(this.#seed, user, SALT.user, LONG_AGO - 1000 * HOUR)
  }

  integrationId(workflow: number): string {
    return objectIdOf(this.#seed, workflow, SALT.integration, LONG_AGO - 500 * HOUR)
  }

  connectorId(workflow: number, step: number): string {
    return uuidOf(this.#seed, workflow * 100 + step, SALT.connector)
  }

  resultId(execution: number, step: number): string {
    return uuidOf(this.#seed, execution * 4 + step, SALT.result)
  }
}
