import type { Fixture } from "./Fixture.js"
import type { Subject } from "./Subject.js"

/** A promise that an adapter as a whole keeps. `run` throws a ContractViolation where it does not. */
export interface AdapterCheck {
  /** In users' words. */
  readonly promise: string
  readonly appliesTo: (subject: Subject) => boolean
  readonly run: (subject: Subject) => Promise<void>
}

/** A promise that is kept over each fixture. `run` throws a ContractViolation where it is not. */
export interface FixtureCheck {
  /** In users' words. */
  readonly promise: string
  readonly appliesTo: (subject: Subject, fixture: Fixture) => boolean
  readonly run: (subject: Subject, fixture: Fixture) => Promise<void>
}
