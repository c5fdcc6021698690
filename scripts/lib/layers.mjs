import { adapterNames } from "./adapter-names.mjs"

/**
 * The folders of each package, from the top down: each imports only those below it. What holds it is
 * `.dependency-cruiser.mjs`; `docs/architecture.md` shows it.
 */
export const layers = {
  core: ["client", "following", "reading", "transport", "walk", "adapter", "statistics", "model"],
  store: ["sync", "query", "tables", "database", "migrations"],
  server: ["routes", "metrics", "syncing", "events", "security", "api", "platform", "demo"],
  cli: ["commands", "sources", "connections", "flags", "formats", "session", "text"],
  simulator: [...adapterNames, "shared"],
  "contract-tests": ["live", "recording", "faults", "walks", "checks", "kit"],
  "create-adapter": ["files", "draft", "sample", "choices", "shared"],
}

/** Folders of equals, which do not know of each other. */
export const apart = [
  { name: "commands-apart", within: "packages/cli/src/commands", what: "Commands" },
  {
    name: "providers-apart",
    within: "packages/simulator/src",
    what: "Simulated providers",
    but: ["shared"],
  },
]

/** Folders that ask nobody and wait for nothing: no Effect, but Schema, Data and the like. */
export const pure = [
  "packages/core/src/model",
  "packages/core/src/walk",
  "packages/core/src/statistics",
]

/**
 * The files by which other folders use a folder; all others are its own affair. Folders that are not
 * named here are vocabularies, of which every file may be used.
 */
export const entrances = {
  "packages/core/src/following": ["Follow", "FollowOptions"],
  "packages/core/src/reading": [
    "Details",
    "GetRequests",
    "MapPage",
    "ReadMany",
    "ReadOptions",
    "Reader",
    "Reporting",
    "Reread",
  ],
  "packages/core/src/reading/parallel": ["ReadParallel"],
  "packages/core/src/transport": [
    "AnswerShare",
    "Answers",
    "Deadline",
    "Requests",
    "Transport",
    "TransportSettings",
  ],
  "packages/core/src/adapter": [
    "AdapterGuard",
    "Connection",
    "DeclaredFilters",
    "ExecutionDraft",
    "FilterAnswer",
    "OpaqueConnection",
    "Pagination",
    "TimeAxis",
    "WireDecoder",
  ],
  "packages/store/src/database": [
    "ArgumentChecks",
    "DamagedRow",
    "StatementBatches",
    "StoreError",
    "WriteTransaction",
  ],
  "packages/cli/src/sources": [
    "ExecutionSource",
    "LiveSource",
    "ResumeCommand",
    "SourceChoice",
    "StoredSource",
  ],
  "packages/cli/src/connections": [
    "AdapterLookup",
    "Config",
    "ConfigVariables",
    "Connections",
    "OfficialAdapters",
    "OpenStore",
    "ServeConfig",
  ],
  "packages/contract-tests/src/recording": ["Questions", "Recording", "UnknownCaller"],
}
