export type { AlloyExecution } from "./alloy/Execution.js"
export type { AlloyOptions, AlloyStart } from "./alloy/Options.js"
export type { AlloySimulator } from "./alloy/Simulator.js"
export type {
  AlloyMessage,
  AlloyTruth,
  AlloyWireEvent,
  AlloyWireExecution,
  AlloyWireResult,
} from "./alloy/Wire.js"
export type { DifyRow, DifyStatus } from "./dify/Row.js"
export type { DifyInsert, DifyOptions } from "./dify/Options.js"
export type { DifySimulator } from "./dify/Simulator.js"
export type { DifyVersion, DifyWireRow, DifyWireRun } from "./dify/Wire.js"
export type { Instant } from "./shared/Instant.js"
export type { PrefectTies } from "./prefect/Lists.js"
export type { PrefectRun } from "./prefect/Run.js"
export type { PrefectInsert, PrefectOptions } from "./prefect/Options.js"
export type { PrefectSimulator } from "./prefect/Simulator.js"
export type { PrefectState, PrefectStateType } from "./prefect/State.js"
export type {
  PrefectWireFlow,
  PrefectWireRun,
  PrefectWireState,
  PrefectWireStateDetails,
  PrefectWireTask,
} from "./prefect/Objects.js"
export type { N8nExecution, N8nMode, N8nStatus } from "./n8n/Execution.js"
export type { N8nInsert, N8nOptions } from "./n8n/Options.js"
export type { N8nSimulator } from "./n8n/Simulator.js"
export type { N8nStatusWord } from "./n8n/StatusWords.js"
export type { N8nWireExecution } from "./n8n/Wire.js"
export { type Randomness, randomness } from "./shared/Randomness.js"
export type {
  InterceptAnswer,
  InterceptedRequest,
  Interceptor,
  SimulatedProvider,
  SimulatedRequest,
} from "./Interception.js"
export { type Simulator, type SimulatorOptions, startSimulator } from "./Simulator.js"
