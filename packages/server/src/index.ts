/** Serves a store of executions: HTTP API, events, health. */
export { openApiDocument } from "./api/Api.js"
export * as Problem from "./api/Problem.js"
export type { PrivatePart } from "./routes/Shown.js"
export type { AccessLevel, AccessToken } from "./security/Access.js"
export { type RunningServer, serve, startServer } from "./serve.js"
export type { ServeOptions } from "./ServerSettings.js"
export type { SyncedConnection } from "./syncing/Syncs.js"
