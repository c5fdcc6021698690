/** The Effect face: services, layers and Streams, and the transport that they send requests with. */
export { Executions, type ExecutionsService, makeExecutions } from "./client/Executions.js"
export { type LogService, makeLog } from "./client/LogService.js"
export type { ConnectionOptions } from "./reading/ReadOptions.js"
export {
  fetchTransport,
  Transport,
  TransportFailure,
  type TransportService,
} from "./transport/Transport.js"
