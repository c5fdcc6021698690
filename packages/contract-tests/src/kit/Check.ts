import type { Fixture } from "./Fixture.js"
import type { Subject } from "./Subject.js"

/** A promise of an adapter as a whole. `run` throws a ContractViolation if it is broken. */
export interface AdapterCheck {
  /** The name of the test. */
  readonly promise: string
  readonly appliesTo: (subject: Subject) => boolean
  readonly run: (subject: Subject) => Promise<void>
}

/** A promise checked on each fixture. `run` throws a ContractViolation if it is broken. */
export interface FixtureCheck {
  /** The name of the test. */
  readonly promise: string
  readonly appliesTo: (subject: Subject, fixture: Fixture) => boolean
  readonly run: (subject: Subject, fixture: Fixture) => Promise<void>
}
