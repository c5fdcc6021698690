export type { AdapterCheck, FixtureCheck } from "./kit/Check.js"
export { adapterChecks, fixtureChecks } from "./checks/index.js"
export { contractSuite } from "./ContractSuite.js"
export { faultSuite, type FaultSuiteOptions } from "./faults/FaultSuite.js"
export { ContractViolation } from "./kit/ContractViolation.js"
export { type Exchange, type Fixture, loadFixture, loadFixtures } from "./kit/Fixture.js"
export type { LiveOptions } from "./live/Live.js"
export { liveSuite } from "./live/LiveSuite.js"
export {
  type AdapterUnderTest,
  type ContractOptions,
  makeSubject,
  type Subject,
} from "./kit/Subject.js"
export type {
  MadeExecution,
  ProviderServer,
  ServedAdapter,
  ServedEndpoint,
  ServerOptions,
} from "./kit/ProviderServer.js"
export { killedWalkSuite } from "./walks/KilledWalk.js"
export { walkSuite } from "./walks/WalkSuite.js"
