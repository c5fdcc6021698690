export type { AlloyExecution } from "./AlloyHistory.js"
export type { AlloyOptions, AlloyStart } from "./AlloyServer.js"
export type {
  AlloyMessage,
  AlloyTruth,
  AlloyWireEvent,
  AlloyWireExecution,
  AlloyWireResult,
} from "./AlloyWire.js"
export type { DifyRow, DifyStatus } from "./DifyRow.js"
export type { DifyInsert, DifyOptions } from "./DifyServer.js"
export type { DifyVersion, DifyWireRow, DifyWireRun } from "./DifyWire.js"
export type { Instant } from "./Instant.js"
export type { PrefectTies } from "./PrefectLists.js"
export type { PrefectRun, PrefectState, PrefectStateType } from "./PrefectRun.js"
export type { PrefectInsert, PrefectOptions } from "./PrefectServer.js"
export type {
  PrefectWireFlow,
  PrefectWireRun,
  PrefectWireState,
  PrefectWireStateDetails,
  PrefectWireTask,
} from "./PrefectObjects.js"
export type { N8nExecution, N8nMode, N8nStatus } from "./N8nExecution.js"
export type { N8nStatusWord } from "./N8nHistory.js"
export type { N8nInsert, N8nOptions } from "./N8nServer.js"
export type { N8nWireExecution } from "./N8nWire.js"
export { type Randomness, randomness } from "./Randomness.js"
export {
  type InterceptAnswer,
  type InterceptedRequest,
  type Interceptor,
  type SimulatedProvider,
  type SimulatedRequest,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "./Simulator.js"
export type {
  AlloySimulator,
  DifySimulator,
  N8nSimulator,
  PrefectSimulator,
} from "./SimulatedProviders.js"
